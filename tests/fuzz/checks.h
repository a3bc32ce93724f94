// What several targets promise of their errors and texts.
#pragma once

#include <algorithm>
#include <charconv>
#include <string>

#include "base/result.h"
#include "report/printable.h"
#include "tests/fuzz/targets.h"

namespace sm2::fuzz {

inline bool has_controls(std::string_view text) {
  return std::ranges::any_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

inline void check_error(const base::Error& error) {
  require(!error.message.empty(), "an error says something");
  require(!has_controls(report::printable_message(error.message)), "an error is shown as one line of text");
}

// "FILE:LINE: ...", where FILE has that line; some messages are about the whole file: "FILE: ...".
inline void check_error_in(const base::Error& error, std::string_view file, std::string_view text) {
  check_error(error);
  std::string_view message = error.message;
  require(message.starts_with(file), "an error begins with the file's name");
  message.remove_prefix(file.size());
  if (message.starts_with(": ")) return;
  require(message.starts_with(":"), "the line follows the file's name");
  std::size_t line = 0;
  const auto [end, code] = std::from_chars(message.data() + 1, message.data() + message.size(), line);
  require(code == std::errc() && *end == ':', "a line is a number");
  const auto lines = static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1;
  require(line >= 1 && line <= lines, "an error is on a line that the file has");
}

}  // namespace sm2::fuzz
