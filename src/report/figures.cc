#include "report/figures.h"

#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/units.h"

namespace sm2::report {

Spent spent(const trial::Energy& energy) { return {trial::total(energy), trial::error(energy)}; }

Spent operator+(const Spent& a, const Spent& b) {
  if (!a.joules || !b.joules) return {};
  return {*a.joules + *b.joules, a.error + b.error};
}

Spent operator-(const Spent& a, const Spent& b) {
  if (!a.joules || !b.joules) return {};
  return {std::max(*a.joules - *b.joules, base::Joules(0)), std::max(a.error - b.error, base::Joules(0))};
}

std::string text(const Spent& spent) {
  if (!spent.joules) return "unknown";
  if (spent.joules->value == 0 && spent.error.value == 0) return "0 J";
  return trial::with_error(*spent.joules, spent.error);
}

std::string text(std::optional<base::Joules> joules) {
  if (!joules) return "unknown";
  return joules->value == 0 ? "0 J" : base::format(*joules);
}

std::string metric_text(std::optional<double> metric) {
  if (!metric) return "none";
  if (std::isnan(*metric)) return "not a number";
  if (std::isinf(*metric)) return *metric > 0 ? "infinite" : "-infinite";
  return number_text(*metric);
}

std::string number_text(double number) {
  if (number == 0) return "0";  // not "-0"
  const double size = std::abs(number);
  if (size >= 1000 && size < 1e6) return fmt::format("{:.0f}", number);
  return fmt::format("{:.4g}", number);
}

std::string share_text(std::optional<double> share) {
  if (!share) return "unknown";
  if (*share > 0 && *share < 0.005) return "under 1 %";
  return fmt::format("{:.0f} %", 100 * *share);
}

std::string date_text(base::Seconds unix_time) {
  constexpr base::Seconds kFirst{1}, kYear10000{253'402'300'800};
  if (!(unix_time >= kFirst && unix_time < kYear10000)) return "unknown";  // nor a time that is not a number
  const auto whole = static_cast<time_t>(unix_time.value);
  tm parts{};
  if (gmtime_r(&whole, &parts) == nullptr) return "unknown";
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02} UTC", parts.tm_year + 1900, parts.tm_mon + 1,
                     parts.tm_mday, parts.tm_hour, parts.tm_min);
}

std::string resource_text(double amount, const std::string& unit) {
  return fmt::format("{} {}{}", number_text(amount), unit, amount == 1 || unit.ends_with('s') ? "" : "s");
}

std::string value_text(const space::Value& value) {
  const auto* real = std::get_if<double>(&value);
  return real ? fmt::format("{:.4g}", *real) : space::to_text(value);
}

std::string provenance(const trial::Energy& energy) {
  if (energy.empty()) return "no energy source";
  std::set<std::string> origins;
  for (const trial::Reading& reading : energy) {
    if (reading.counted) origins.insert(trial::described_source(reading));
  }
  std::string all = fmt::format("{}", fmt::join(origins, " + "));
  const trial::Quality quality = trial::worst(energy);
  const bool says_how = all.find(' ') != std::string::npos;
  if (quality != trial::Quality::kMeasured || !says_how) all += fmt::format(", {}", trial::name(quality));
  return all;
}

}  // namespace sm2::report
