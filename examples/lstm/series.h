// A multivariate time series from text: a header of column names, then a row a moment, separated by commas,
// semicolons or tabs, whichever the header holds. ETT's CSV and the UCI household power file are such files.
// Leading columns whose first value is no number are dates and left out.
//
// A value that is missing (empty, ?, NA, NaN) is the last known one of its column; rows before every column
// has been known are left out. Then each `resample` rows become their mean, and an incomplete last group is
// left out.
//
// Everything else is a trainer::DataError that names file and line.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace lstm {

struct Series {
  std::vector<std::string> columns;
  std::vector<float> values;  // row after row
  std::int64_t missing = 0;   // values carried forward
  std::int64_t left_out = 0;  // rows at the beginning

  std::int64_t width() const { return static_cast<std::int64_t>(columns.size()); }
  std::int64_t rows() const { return static_cast<std::int64_t>(values.size()) / width(); }
};

// The named columns, in this order; none: every one that is no date.
Series read_series(const std::filesystem::path& path, const std::vector<std::string>& columns,
                   std::int64_t resample);

// The position of `name`; empty: of Global_active_power in the household file, of the last column in others.
std::int64_t target_column(const Series& series, const std::string& name);

}  // namespace lstm
