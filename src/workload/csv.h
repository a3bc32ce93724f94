// Comma-separated values (RFC 4180) with a header row, read strictly: named columns, quoted fields in which
// "" is a quote, lines that end in LF or CRLF, every row as long as the header. A byte order mark, blank
// lines and blanks around unquoted fields do not count. Errors are "FILE:LINE: what is wrong; what would be
// right".
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sm2::workload {

class Csv {
 public:
  struct Row {
    std::size_t line = 0;  // where it begins, from 1
    std::vector<std::string> fields;
  };

  static base::Result<Csv> parse(std::string_view text, std::string name);  // the name is for errors
  static base::Result<Csv> read(const std::string& file);

  const std::string& name() const { return name_; }
  const std::vector<std::string>& columns() const { return header_.fields; }
  const std::vector<Row>& rows() const { return rows_; }  // without the header

  // Where these columns are, in the order asked for; fails when one is missing.
  base::Result<std::vector<std::size_t>> find(std::initializer_list<std::string_view> names) const;

 private:
  std::string name_;
  Row header_;
  std::vector<Row> rows_;
};

// One row's fields as what they have to be. The first that is not is the error, and later answers mean
// nothing.
class Fields {
 public:
  Fields(const Csv& csv, const Csv::Row& row) : csv_(csv), row_(row) {}

  const std::string& text(std::size_t column);      // not empty
  double number(std::size_t column);                // finite
  std::optional<double> known(std::size_t column);  // a number; nothing where it is empty or nan
  double positive(std::size_t column);              // finite, above zero
  std::int64_t whole(std::size_t column);           // above zero; 3.0 is 3
  void refuse(std::string_view what);               // the row as a whole

  const std::optional<base::Error>& error() const { return error_; }

 private:
  std::optional<double> parsed(std::size_t column) const;
  void refuse(std::size_t column, std::string_view wanted);

  const Csv& csv_;
  const Csv::Row& row_;
  std::optional<base::Error> error_;
};

// The whole text as a number, "nan" and "inf" among them, with a decimal point in any locale.
std::optional<double> parse_number(std::string_view text);

}  // namespace sm2::workload
