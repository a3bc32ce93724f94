// A field of comma-separated values (RFC 4180): in quotes where it holds a comma, a quote, a line end, or blanks at its
// ends, with quotes inside doubled.
#pragma once

#include <string>
#include <string_view>

namespace sm2::report {

std::string csv_field(std::string_view text);

// For files that people open in a spreadsheet: a text that begins with = + - @, a tab or a carriage return would be a
// formula there, and gets an apostrophe before it.
std::string csv_text(std::string_view text);

}  // namespace sm2::report
