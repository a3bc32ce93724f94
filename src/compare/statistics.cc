#include "compare/statistics.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/random.h"

namespace sm2::compare {
namespace {

constexpr double kCoverage = 0.95;

double of_sorted(const std::vector<double>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return std::lerp(sorted[below], sorted[above], place - std::floor(place));
}

}  // namespace

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double median(std::vector<double> values) { return quantile(std::move(values), 0.5); }

double quantile(std::vector<double> values, double share) {
  std::ranges::sort(values);
  return of_sorted(values, share);
}

double geometric_mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += std::log(value);
  return std::exp(sum / static_cast<double>(values.size()));
}

Interval interval_of_mean(const std::vector<double>& values, std::uint64_t seed) {
  base::Random random(seed);
  std::vector<double> means;
  std::vector<double> drawn(values.size());
  for (int resample = 0; resample < kResamples; ++resample) {
    for (double& value : drawn) value = values[random.index(values.size())];
    means.push_back(mean(drawn));
  }
  std::ranges::sort(means);
  return {of_sorted(means, (1 - kCoverage) / 2), of_sorted(means, (1 + kCoverage) / 2)};
}

Figure figure(const std::vector<double>& values) {
  const Interval interval = interval_of_mean(values);
  return {mean(values), median(values), interval.low, interval.high};
}

}  // namespace sm2::compare
