// Text for a terminal, aligned: tables, and lists of names with what they stand for. Every cell is made
// printable here.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace sm2::report {

struct Column {
  std::string heading;
  bool right = false;  // aligned to the right, for numbers
};
using Row = std::vector<std::string>;

// One line a row, two spaces between columns, no trailing spaces. All rows have as many cells as `columns`.
std::vector<std::string> table(const std::vector<Column>& columns, const std::vector<Row>& rows);

std::size_t width(const std::vector<std::string>& lines);  // of the longest

// "name    text", names padded alike; texts longer than `width` go on below.
std::string listing(const std::vector<std::pair<std::string, std::string>>& entries, std::size_t width);

}  // namespace sm2::report
