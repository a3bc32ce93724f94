#include "cli/measure_statistics.h"

#include <algorithm>
#include <cmath>

namespace sm2::cli {
namespace {

constexpr double kCoverage = 0.95;

double binomial(std::size_t n, std::size_t k) {  // P(B = k), p = 1/2
  const auto log_factorial = [](std::size_t number) { return std::lgamma(static_cast<double>(number) + 1); };
  return std::exp(log_factorial(n) - log_factorial(k) - log_factorial(n - k) -
                  static_cast<double>(n) * std::log(2.0));
}

}  // namespace

double median(std::vector<double> values) {
  std::ranges::sort(values);
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

std::optional<Spread> spread(const std::vector<double>& values) {
  if (values.empty()) return {};
  Spread spread;
  spread.median = median(values);
  const auto [low, high] = std::ranges::minmax(values);
  spread.low = low;
  spread.high = high;
  std::vector<double> deviations;
  for (const double value : values) deviations.push_back(std::abs(value - spread.median));
  spread.deviation = median(std::move(deviations));
  return spread;
}

std::optional<Ratio> ratio(const std::vector<std::pair<double, double>>& pairs) {
  if (pairs.empty()) return {};
  std::vector<double> ratios;
  for (const auto& [first, second] : pairs) ratios.push_back(second / first);
  std::ranges::sort(ratios);
  const std::size_t n = ratios.size();
  std::size_t left_out = 0;  // at each end: k - 1
  double tail = binomial(n, 0);
  while (2 * (left_out + 1) < n) {
    const double longer = tail + binomial(n, left_out + 1);
    if (1 - 2 * longer < kCoverage) break;
    tail = longer;
    ++left_out;
  }
  return Ratio{median(ratios), ratios[left_out], ratios[n - 1 - left_out], 1 - 2 * tail, n};
}

}  // namespace sm2::cli
