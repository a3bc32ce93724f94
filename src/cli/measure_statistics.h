// What several runs of a command say together. Pure arithmetic.
//
// The interval of a ratio is that of the sign test: with x(1) <= ... <= x(n) the sorted ratios, the median of their
// distribution lies in [x(k), x(n+1-k)] with probability 1 - 2 P(B <= k - 1), B binomial (n, 1/2), whatever the
// distribution (Conover, Practical Nonparametric Statistics, 3rd ed., 3.2). k is the largest with at least 95 %; below
// six pairs no k reaches that, and the interval is the range of the ratios with its own probability (five: 93.75 %).
#pragma once

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace sm2::cli {

double median(std::vector<double> values);  // not empty

struct Spread {
  double median = 0;
  double low = 0, high = 0;  // of all values
  double deviation = 0;      // median absolute deviation from the median
};
std::optional<Spread> spread(const std::vector<double>& values);  // nothing of nothing

inline constexpr std::size_t kPairsToTell = 5;

struct Ratio {
  double median = 0;
  double low = 0, high = 0;  // the interval
  double coverage = 0;       // its probability
  std::size_t pairs = 0;

  // Beyond chance: the interval does not contain 1, and there are at least kPairsToTell pairs.
  bool tells() const { return pairs >= kPairsToTell && (high < 1 || low > 1); }
};
// Of second / first. Both are positive in every pair. Nothing of nothing.
std::optional<Ratio> ratio(const std::vector<std::pair<double, double>>& pairs);

}  // namespace sm2::cli
