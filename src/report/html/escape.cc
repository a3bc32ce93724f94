#include "report/html/escape.h"

#include "report/utf8.h"

namespace sm2::report::html {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

bool hidden(char32_t c) {
  return (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7f && c <= 0x9f) || (c >= 0x202a && c <= 0x202e) ||
         (c >= 0x2066 && c <= 0x2069);
}

std::string_view entity(char32_t c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return "";
  }
}

}  // namespace

std::string escape(std::string_view text) {
  std::string safe;
  safe.reserve(text.size());
  while (!text.empty()) {
    const auto [value, bytes] = first_code_point(text);
    const std::string_view named = value ? entity(*value) : "";
    if (!value || hidden(*value)) {
      safe += kReplacement;
    } else if (!named.empty()) {
      safe += named;
    } else {
      safe += text.substr(0, bytes);
    }
    text.remove_prefix(bytes);
  }
  return safe;
}

}  // namespace sm2::report::html
