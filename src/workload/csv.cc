#include "workload/csv.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/read_file.h"

namespace sm2::workload {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr double kHighest = 1e15;  // of energies, times and powers: sums and products stay finite

// Reads rows off the front of a text.
class Lines {
 public:
  Lines(std::string_view text, const std::string& name) : left_(text), name_(name) {
    if (left_.starts_with(kByteOrderMark)) left_.remove_prefix(kByteOrderMark.size());
  }

  bool done() const { return left_.empty(); }

  base::Result<Csv::Row> row() {
    Csv::Row row{line_, {}};
    do {
      auto field = next();
      if (!field) return tl::unexpected(field.error());
      row.fields.push_back(std::move(*field));
    } while (skip(","));
    if (!done() && !skip("\r\n") && !skip("\n"))
      return base::fail("{}:{}: text follows a closing quote; end the field there, or write \"\" for a quote",
                        name_, line_);
    ++line_;
    return row;
  }

 private:
  bool skip(std::string_view text) {
    if (!left_.starts_with(text)) return false;
    left_.remove_prefix(text.size());
    return true;
  }

  void skip_blanks() {
    while (skip(" ") || skip("\t")) continue;
  }

  base::Result<std::string> next() {
    skip_blanks();
    return skip("\"") ? quoted() : plain();
  }

  base::Result<std::string> plain() {
    std::string_view field = left_.substr(0, left_.find_first_of(",\n"));
    left_.remove_prefix(field.size());
    while (!field.empty() && (field.back() == ' ' || field.back() == '\t' || field.back() == '\r'))
      field.remove_suffix(1);
    if (field.find('"') != std::string_view::npos)
      return base::fail(
          "{}:{}: a quote inside an unquoted field; quote the whole field and write \"\" for a quote", name_,
          line_);
    return std::string(field);
  }

  base::Result<std::string> quoted() {
    const std::size_t opened = line_;
    std::string field;
    while (!done()) {
      if (skip("\"\"")) {
        field += '"';
      } else if (skip("\"")) {
        skip_blanks();
        return field;
      } else {
        if (left_.front() == '\n') ++line_;
        field += left_.front();
        left_.remove_prefix(1);
      }
    }
    return base::fail("{}:{}: a quoted field that begins here never ends; close it with a quote", name_,
                      opened);
  }

  std::string_view left_;
  const std::string& name_;
  std::size_t line_ = 1;
};

bool blank(const Csv::Row& row) { return row.fields.size() == 1 && row.fields.front().empty(); }

std::optional<std::string> twice(std::vector<std::string> names) {
  std::ranges::sort(names);
  const auto found = std::ranges::adjacent_find(names);
  if (found == names.end()) return {};
  return *found;
}

}  // namespace

base::Result<Csv> Csv::parse(std::string_view text, std::string name) {
  Csv csv;
  csv.name_ = std::move(name);
  for (Lines lines(text, csv.name_); !lines.done();) {
    auto row = lines.row();
    if (!row) return tl::unexpected(row.error());
    if (blank(*row)) continue;
    if (csv.columns().empty()) {
      csv.header_ = std::move(*row);
      if (const auto name_twice = twice(csv.columns()))
        return base::fail("{}:{}: two columns are called '{}'; give each a name of its own", csv.name_,
                          csv.header_.line, *name_twice);
    } else if (row->fields.size() != csv.columns().size()) {
      return base::fail("{}:{}: {} fields where the header has {}; give one for each column", csv.name_,
                        row->line, row->fields.size(), csv.columns().size());
    } else {
      csv.rows_.push_back(std::move(*row));
    }
  }
  if (csv.columns().empty())
    return base::fail("{}:1: the file is empty; the first line names the columns", csv.name_);
  return csv;
}

base::Result<Csv> Csv::read(const std::string& file) {
  const auto text = base::read_file(file, base::kTable);
  if (!text) return base::fail("{}: {}; give a CSV file", file, text.error().message);
  return parse(*text, file);
}

base::Result<std::vector<std::size_t>> Csv::find(std::initializer_list<std::string_view> names) const {
  std::vector<std::size_t> places;
  for (const std::string_view name : names) {
    const auto found = std::ranges::find(columns(), name);
    if (found == columns().end())
      return base::fail("{}:{}: no column is called '{}'; the columns are {}", name_, header_.line, name,
                        fmt::join(columns(), ", "));
    places.push_back(static_cast<std::size_t>(found - columns().begin()));
  }
  return places;
}

std::optional<double> parse_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return {};
  return value;
}

std::optional<double> Fields::parsed(std::size_t column) const { return parse_number(row_.fields[column]); }

void Fields::refuse(std::size_t column, std::string_view wanted) {
  if (error_) return;
  const std::string& field = row_.fields[column];
  error_ =
      base::Error{fmt::format("{}:{}: {} is {}; it must be {}", csv_.name(), row_.line,
                              csv_.columns()[column], field.empty() ? "empty" : "'" + field + "'", wanted)};
}

void Fields::refuse(std::string_view what) {
  if (!error_) error_ = base::Error{fmt::format("{}:{}: {}", csv_.name(), row_.line, what)};
}

const std::string& Fields::text(std::size_t column) {
  if (row_.fields[column].empty()) refuse(column, "a name");
  return row_.fields[column];
}

double Fields::number(std::size_t column) {
  const auto value = parsed(column);
  if (!value || !(std::abs(*value) <= kHighest)) refuse(column, "a number, and no larger than 1e15");
  return value.value_or(0);
}

std::optional<double> Fields::known(std::size_t column) {
  if (row_.fields[column].empty()) return {};
  const auto value = parsed(column);
  if (!value || std::isinf(*value)) refuse(column, "a number, or nan");
  if (!value || std::isnan(*value)) return {};
  return value;
}

double Fields::positive(std::size_t column) {
  const auto value = parsed(column);
  if (!value || !(*value <= kHighest) || *value <= 0)
    refuse(column, "a number above zero, and no larger than 1e15");
  return value.value_or(0);
}

std::int64_t Fields::whole(std::size_t column) {
  constexpr double kMost = 9e15;  // doubles hold every whole number up to here
  const auto value = parsed(column);
  if (value && *value > 0 && *value < kMost && *value == std::floor(*value))
    return static_cast<std::int64_t>(*value);
  refuse(column, "a whole number above zero");
  return 1;
}

}  // namespace sm2::workload
