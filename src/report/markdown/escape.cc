#include "report/markdown/escape.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/printable.h"

namespace sm2::report::markdown {
namespace {

constexpr std::string_view kMarks = "\\`*_[]<>|~&#$";  // that mean something in the middle of a line

// "http://", ":smile:", and "www." become links and pictures by themselves.
bool links(std::string_view before, char letter, std::string_view after) {
  if (letter == ':')
    return !after.empty() && after.front() != ' ' && (after.front() < '0' || after.front() > '9');
  return letter == '.' && (before.ends_with("www") || before.ends_with("WWW"));
}

std::size_t longest_run(std::string_view text, char letter) {
  std::size_t longest = 0, run = 0;
  for (const char one : text) {
    run = one == letter ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

}  // namespace

// A backslash before a mark makes it text. "@" is read as a mention however it is written, unless it is parted from the name.
std::string escape(std::string_view text) {
  const std::string line = printable(text);
  const std::string_view all = line;
  std::string safe;
  for (std::size_t at = 0; at < all.size(); ++at) {
    const char letter = all[at];
    const bool marks = kMarks.find(letter) != std::string_view::npos;
    if (marks || links(all.substr(0, at), letter, all.substr(at + 1))) safe += '\\';
    safe += letter;
    if (letter == '@') safe += "<!-- -->";
  }
  return safe;
}

std::string block(std::string_view text, std::string_view language) {
  const std::string fence(std::max<std::size_t>(3, longest_run(text, '`') + 1), '`');
  std::string safe;
  while (true) {
    const std::size_t end = text.find('\n');
    safe += printable(text.substr(0, end)) + "\n";
    if (end == std::string_view::npos || end + 1 == text.size()) break;
    text.remove_prefix(end + 1);
  }
  return fmt::format("{}{}\n{}{}\n", fence, language, safe, fence);
}

}  // namespace sm2::report::markdown
