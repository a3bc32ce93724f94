// Text from outside as Markdown (CommonMark, and what GitHub and GitLab add): it stays text. One line each; control characters
// and those that turn the direction of writing come out as visible escapes, as report/printable.h has it.
#pragma once

#include <string>
#include <string_view>

namespace sm2::report::markdown {

// Between words, and in a cell of a table: no emphasis, link, HTML, table cell, heading, nor mention of a person.
std::string escape(std::string_view text);

// In a block of its own, as it is, lines and all: the fence is longer than any in the text.
std::string block(std::string_view text, std::string_view language);

}  // namespace sm2::report::markdown
