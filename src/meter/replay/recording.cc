#include "meter/replay/recording.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include "base/read_file.h"

namespace sm2::meter::replay {
namespace {

using base::Joules;
using base::Seconds;
using base::Watts;

constexpr std::size_t kMostColumns = 3;
constexpr double kHighest = 1e15;  // of any figure: sums stay finite
constexpr std::string_view kOneDomain = "replay";
constexpr std::string_view kHeader =
    "write \"seconds,watts\" or \"seconds,joules\", with \"domain\" for several";

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r'))
    text.remove_suffix(1);
  return text;
}

struct Fields {
  std::array<std::string_view, kMostColumns> field;
  std::size_t count = 0;  // more than kMostColumns: there are more than are kept
};

Fields split(std::string_view line) {
  Fields fields;
  for (;;) {
    const std::size_t comma = line.find(',');
    if (fields.count < kMostColumns) fields.field[fields.count] = trimmed(line.substr(0, comma));
    ++fields.count;
    if (comma == std::string_view::npos) return fields;
    line.remove_prefix(comma + 1);
  }
}

std::optional<double> number(std::string_view text) {
  double value = 0;
  const char* const last = text.data() + text.size();
  const auto [end, code] = std::from_chars(text.data(), last, value);
  if (code != std::errc() || end != last || !(std::abs(value) <= kHighest)) return {};
  return value;
}

class Parser {
 public:
  base::Result<> line(std::string_view text) {
    const Fields fields = split(text);
    return columns_ == 0 ? header(fields) : row(fields);
  }

  base::Result<std::vector<Recorded>> finish() const {
    if (columns_ == 0) return base::fail("there is no header; {}", kHeader);
    if (series_.empty()) return base::fail("there are no rows after the header; two are the least");
    std::vector<Recorded> all;
    for (const Series& one : series_) {
      if (one.power.size() + one.counted.size() < 2)
        return base::fail("there is one row of '{}'; two are the least", one.domain);
      all.push_back({one.domain, in_joules_ ? Trace(one.counted) : Trace(one.power)});
    }
    return all;
  }

 private:
  struct Series {
    std::string domain;
    std::vector<Trace::Power> power;  // or
    std::vector<Trace::Counted> counted;
    Seconds last;
    bool empty = true;
  };

  base::Result<> header(const Fields& fields) {
    const auto column = [&](std::string_view name) -> std::optional<std::size_t> {
      const auto end = fields.field.begin() + std::min(fields.count, kMostColumns);
      const auto found = std::find(fields.field.begin(), end, name);
      if (found == end) return {};
      return found - fields.field.begin();
    };
    const auto seconds = column("seconds");
    const auto watts = column("watts");
    const auto joules = column("joules");
    domain_ = column("domain");
    const std::size_t wanted = domain_ ? 3 : 2;
    if (!seconds || watts.has_value() == joules.has_value() || fields.count != wanted)
      return base::fail("this is not a header; {}", kHeader);
    seconds_ = *seconds;
    in_joules_ = joules.has_value();
    value_ = in_joules_ ? *joules : *watts;
    columns_ = wanted;
    return {};
  }

  base::Result<> row(const Fields& fields) {
    if (fields.count != columns_) return base::fail("{} columns; {} are wanted", fields.count, columns_);
    const std::string_view time_text = fields.field[seconds_];
    const auto time = number(time_text);
    if (!time || *time < 0) return base::fail("'{}' is no time; write seconds from 0, as in 1.5", time_text);
    Series& series = series_of(domain_ ? fields.field[*domain_] : kOneDomain);
    if (series.domain.empty()) return base::fail("the domain has no name");
    const Seconds at(*time);
    if (!series.empty && at <= series.last) {
      return base::fail("{} s is not after {} s; times must grow", at.value, series.last.value);
    }
    series.last = at;
    series.empty = false;
    return add(series, at, fields.field[value_]);
  }

  base::Result<> add(Series& series, Seconds at, std::string_view text) const {
    const char* const unit = in_joules_ ? "joules" : "watts";
    const auto value = number(text);
    if (!value) return base::fail("'{}' is no number of {}; write it as in 12.5", text, unit);
    if (*value < 0) return base::fail("{} {} are negative; 0 is the least", text, unit);
    if (!in_joules_) {
      series.power.push_back({at, Watts(*value)});
      return {};
    }
    if (!series.counted.empty() && Joules(*value) < series.counted.back().joules) {
      return base::fail("{} joules are less than {} before; they are a counter's, and must not shrink", text,
                        series.counted.back().joules.value);
    }
    series.counted.push_back({at, Joules(*value)});
    return {};
  }

  Series& series_of(std::string_view domain) {
    if (latest_ < series_.size() && series_[latest_].domain == domain) return series_[latest_];
    const auto found = std::ranges::find(series_, domain, &Series::domain);
    latest_ = static_cast<std::size_t>(found - series_.begin());
    if (found == series_.end()) {
      series_.push_back({});
      series_.back().domain = domain;
    }
    return series_[latest_];
  }

  std::size_t columns_ = 0;  // 0: the header has not been seen
  std::size_t seconds_ = 0, value_ = 0;
  std::optional<std::size_t> domain_;
  bool in_joules_ = false;
  std::vector<Series> series_;
  std::size_t latest_ = 0;
};

}  // namespace

base::Result<std::vector<Recorded>> parse(std::string_view text, const std::string& name) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  Parser parser;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    const std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.empty() || line.front() == '#') continue;
    if (const auto read = parser.line(line); !read)
      return base::fail("{}:{}: {}", name, number, read.error().message);
  }
  auto all = parser.finish();
  if (!all) return base::fail("{}: {}", name, all.error().message);
  return all;
}

base::Result<std::vector<Recorded>> load(const std::filesystem::path& file) {
  const auto text = base::read_file(file, base::kTable);
  if (!text) return base::fail("{}: {}", file.string(), text.error().message);
  return parse(*text, file.string());
}

}  // namespace sm2::meter::replay
