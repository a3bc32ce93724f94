#include "report/table.h"

#include <algorithm>

#include "report/printable.h"

namespace sm2::report {
namespace {

std::string spaces(std::size_t width, const std::string& text) {
  const std::size_t used = columns(text);
  return std::string(width > used ? width - used : 0, ' ');
}

}  // namespace

std::vector<std::string> table(const std::vector<Column>& columns_, const std::vector<Row>& rows) {
  std::vector<Row> cells(1);
  for (const Column& column : columns_) cells[0].push_back(printable(column.heading));
  for (const Row& row : rows) {
    Row& safe = cells.emplace_back();
    for (const std::string& cell : row) safe.push_back(printable(cell));
  }
  std::vector<std::size_t> widths(columns_.size());
  for (const Row& row : cells) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], columns(row[i]));
  }
  std::vector<std::string> lines;
  for (const Row& row : cells) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string pad = spaces(widths[i], row[i]);
      line += (i == 0 ? "" : "  ") + (columns_[i].right ? pad + row[i] : row[i] + pad);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    lines.push_back(std::move(line));
  }
  return lines;
}

std::size_t width(const std::vector<std::string>& lines) {
  std::size_t longest = 0;
  for (const std::string& line : lines) longest = std::max(longest, columns(line));
  return longest;
}

std::string listing(const std::vector<std::pair<std::string, std::string>>& entries, std::size_t width) {
  std::size_t names = 0;
  for (const auto& [name, text] : entries) names = std::max(names, columns(printable(name)));
  std::string all;
  for (const auto& [name, text] : entries) {
    std::string lead = printable(name);
    lead += spaces(names, lead) + "  ";
    for (const std::string& line : wrap(printable(text), width - std::min(width - 20, names + 2))) {
      all += lead + line + "\n";
      lead.assign(names + 2, ' ');
    }
  }
  return all;
}

}  // namespace sm2::report
