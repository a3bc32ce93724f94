// Text from outside (names, reasons, log lines, file contents) made safe to write to a terminal, and cut to
// its width. Text is UTF-8; a byte that is not, a control character, or a character that turns the direction
// of writing comes out as a visible escape such as \x1b, so nothing here can move the cursor or recolour it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sm2::report {

std::string printable(std::string_view text);

// A message of any length, printable: the middle of a very long one is left out, since its first words say where
// something is wrong and its last ones what would be right.
std::string printable_message(std::string_view text);

// Columns that printable text takes: two for East Asian wide characters and emoji, none for combining marks.
std::size_t columns(std::string_view printable_text);

// At most `width` columns of it; "..." stands for what is left out at the end.
std::string shorten(std::string_view printable_text, std::size_t width);

// Broken at spaces into lines of at most `width` columns; a longer word has a line of its own.
std::vector<std::string> wrap(std::string_view printable_text, std::size_t width);

}  // namespace sm2::report
