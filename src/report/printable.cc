#include "report/printable.h"

#include <fmt/format.h>

#include "report/utf8.h"

namespace sm2::report {
namespace {

bool between(char32_t c, char32_t low, char32_t high) { return c >= low && c <= high; }

bool controls(char32_t c) {
  return c < 0x20 || between(c, 0x7f, 0x9f) || c == 0x061c || between(c, 0x200b, 0x200f) ||
         between(c, 0x2028, 0x202e) || between(c, 0x2060, 0x2069) || c == 0xfeff;
}

std::size_t columns_of(char32_t c) {
  if (between(c, 0x300, 0x36f) || between(c, 0xfe00, 0xfe0f)) return 0;
  const bool wide = between(c, 0x1100, 0x115f) || between(c, 0x2e80, 0xa4cf) || between(c, 0xac00, 0xd7a3) ||
                    between(c, 0xf900, 0xfaff) || between(c, 0xfe30, 0xfe6f) || between(c, 0xff00, 0xff60) ||
                    between(c, 0x1f300, 0x1faff) || between(c, 0x20000, 0x3fffd);
  return wide ? 2 : 1;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string safe;
  safe.reserve(text.size());
  while (!text.empty()) {
    const auto [value, bytes] = first_code_point(text);
    if (!value) {
      safe += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[0]));
    } else if (*value == '\n' || *value == '\t') {
      safe += ' ';
    } else if (controls(*value)) {
      safe += *value < 0x100 ? fmt::format("\\x{:02x}", static_cast<unsigned>(*value))
                             : fmt::format("\\u{:04x}", static_cast<unsigned>(*value));
    } else {
      safe += text.substr(0, bytes);
    }
    text.remove_prefix(bytes);
  }
  return safe;
}

std::string printable_message(std::string_view text) {
  constexpr std::size_t kFirst = 1500, kLast = 500;  // bytes
  if (text.size() <= kFirst + kLast) return printable(text);
  const auto continues = [&](std::size_t at) {
    return (static_cast<unsigned char>(text[at]) & 0xc0u) == 0x80u;
  };
  std::size_t end = kFirst, begin = text.size() - kLast;
  while (end > 0 && continues(end)) --end;
  while (begin + 1 < text.size() && continues(begin)) ++begin;
  return printable(text.substr(0, end)) + " ... " + printable(text.substr(begin));
}

std::size_t columns(std::string_view printable_text) {
  std::size_t sum = 0;
  while (!printable_text.empty()) {
    const auto [value, bytes] = first_code_point(printable_text);
    sum += columns_of(value.value_or(0));
    printable_text.remove_prefix(bytes);
  }
  return sum;
}

std::string shorten(std::string_view printable_text, std::size_t width) {
  if (columns(printable_text) <= width) return std::string(printable_text);
  constexpr std::string_view kCut = "...";
  if (width <= kCut.size()) return std::string(kCut.substr(0, width));
  std::size_t kept = 0;
  std::size_t used = 0;
  while (true) {
    const auto [value, bytes] = first_code_point(printable_text.substr(kept));
    used += columns_of(value.value_or(0));
    if (used > width - kCut.size()) break;
    kept += bytes;
  }
  return std::string(printable_text.substr(0, kept)) + std::string(kCut);
}

std::vector<std::string> wrap(std::string_view printable_text, std::size_t width) {
  std::vector<std::string> lines;
  std::size_t used = 0;
  while (!printable_text.empty()) {
    const std::string_view word = printable_text.substr(0, printable_text.find(' '));
    printable_text.remove_prefix(std::min(word.size() + 1, printable_text.size()));
    if (word.empty()) continue;
    const std::size_t size = columns(word);
    if (lines.empty() || used + 1 + size > width) {
      lines.emplace_back(word);
      used = size;
    } else {
      lines.back().append(" ").append(word);
      used += 1 + size;
    }
  }
  return lines;
}

}  // namespace sm2::report
