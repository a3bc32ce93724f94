#include "series.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <string_view>

#include "lines.h"
#include "trainer/trainer.h"

namespace lstm {

namespace {

using trainer::DataError;

constexpr std::string_view kHouseholdTarget = "Global_active_power";
constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kAround = " \"";
  const std::size_t begin = text.find_first_not_of(kAround);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kAround) - begin + 1);
}

void split(std::string_view line, char separator, std::vector<std::string_view>& fields) {
  fields.clear();
  for (std::size_t begin = 0;;) {
    const std::size_t end = line.find(separator, begin);
    fields.push_back(trimmed(line.substr(begin, end - begin)));
    if (end == std::string_view::npos) return;
    begin = end + 1;
  }
}

char separator_of(std::string_view header) {
  for (const char separator : {';', '\t'}) {
    if (header.find(separator) != std::string_view::npos) return separator;
  }
  return ',';
}

// NaN where the value is missing, nothing where it is no number.
std::optional<float> number(std::string_view text) {
  if (text.empty() || text == "?" || text == "NA") return kMissing;
  if (text.front() == '+') text.remove_prefix(1);
  float value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || std::isinf(value)) return std::nullopt;
  return value;
}

std::string cited(std::string_view text) {
  constexpr std::size_t kLongest = 40;
  std::string shown(text.substr(0, kLongest));
  for (char& c : shown) {
    if (static_cast<unsigned char>(c) < ' ') c = '.';
  }
  return "\"" + shown + (text.size() > kLongest ? "...\"" : "\"");
}

std::string joined(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  return list;
}

std::size_t position(const std::vector<std::string>& names, const std::string& name,
                     const std::string& where) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  throw DataError(where + ": has no column " + cited(name) + "; it has " + joined(names));
}

class Reader {
 public:
  Reader(const std::filesystem::path& path, std::int64_t resample)
      : name_(path.string()), lines_(path), resample_(resample) {}

  Series read(const std::vector<std::string>& columns) {
    if (!next_row()) throw DataError(name_ + ": is empty; the first line names the columns");
    const std::vector<std::string> header(fields_.begin(), fields_.end());
    if (!next_row()) throw DataError(name_ + ": has no rows below its header");
    choose(header, columns);
    do add_row(header);
    while (next_row());
    if (series_.values.empty()) {
      throw DataError(name_ + ": gives no row; every column needs a number somewhere, and " +
                      std::to_string(resample_) + " rows become one");
    }
    return std::move(series_);
  }

 private:
  std::string here() const { return name_ + ":" + std::to_string(lines_.number()); }

  bool next_row() {
    auto line = lines_.next();
    while (line && line->empty()) line = lines_.next();
    if (!line) return false;
    if (separator_ == 0) separator_ = separator_of(*line);
    split(*line, separator_, fields_);
    return true;
  }

  void choose(const std::vector<std::string>& header, const std::vector<std::string>& columns) {
    check_width(header);
    for (const std::string& column : columns) chosen_.push_back(position(header, column, name_ + ":1"));
    if (columns.empty()) {
      std::size_t first = 0;
      while (first < fields_.size() && !number(fields_[first])) ++first;
      for (; first < fields_.size(); ++first) chosen_.push_back(first);
    }
    if (chosen_.empty()) throw DataError(here() + ": holds no number; a row is dates first, then numbers");
    for (const std::size_t column : chosen_) series_.columns.push_back(header[column]);
    last_.assign(chosen_.size(), kMissing);
    sum_.assign(chosen_.size(), 0.0);
  }

  void check_width(const std::vector<std::string>& header) const {
    if (fields_.size() == header.size()) return;
    throw DataError(here() + ": has " + std::to_string(fields_.size()) + " fields; the header names " +
                    std::to_string(header.size()));
  }

  void add_row(const std::vector<std::string>& header) {
    check_width(header);
    std::int64_t carried = 0;
    bool known = true;
    for (std::size_t i = 0; i < chosen_.size(); ++i) {
      const std::string_view field = fields_[chosen_[i]];
      const auto value = number(field);
      if (!value) {
        throw DataError(here() + ": " + header[chosen_[i]] + " is " + cited(field) +
                        "; it must be a number, or ? where it is missing");
      }
      if (std::isnan(*value)) {
        ++carried;
      } else {
        last_[i] = *value;
      }
      known = known && !std::isnan(last_[i]);
    }
    if (!known) {
      ++series_.left_out;
      return;
    }
    series_.missing += carried;
    add_known();
  }

  void add_known() {
    for (std::size_t i = 0; i < last_.size(); ++i) sum_[i] += static_cast<double>(last_[i]);
    if (++summed_ < resample_) return;
    for (double& sum : sum_) {
      series_.values.push_back(static_cast<float>(sum / static_cast<double>(resample_)));
      sum = 0;
    }
    summed_ = 0;
  }

  std::string name_;
  Lines lines_;
  std::int64_t resample_;
  char separator_ = 0;
  std::vector<std::string_view> fields_;  // of the row read last
  std::vector<std::size_t> chosen_;
  std::vector<float> last_;  // known value of each chosen column
  std::vector<double> sum_;  // of `summed_` rows
  std::int64_t summed_ = 0;
  Series series_;
};

}  // namespace

Series read_series(const std::filesystem::path& path, const std::vector<std::string>& columns,
                   std::int64_t resample) {
  return Reader(path, resample).read(columns);
}

std::int64_t target_column(const Series& series, const std::string& name) {
  const auto& columns = series.columns;
  if (!name.empty()) return static_cast<std::int64_t>(position(columns, name, "--target-column"));
  const auto household = std::find(columns.begin(), columns.end(), kHouseholdTarget);
  return household != columns.end() ? household - columns.begin() : series.width() - 1;
}

}  // namespace lstm
