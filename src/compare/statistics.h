// What many runs say together. Pure arithmetic.
//
// The interval of a mean is the percentile bootstrap's (Efron and Tibshirani, An Introduction to the Bootstrap, 1993,
// chapter 13): the values are drawn anew, with replacement, kResamples times, and the interval holds the middle 95 % of
// the means. Seeded, so that the same values give the same interval.
#pragma once

#include <cstdint>
#include <vector>

namespace sm2::compare {

inline constexpr int kResamples = 2000;

double mean(const std::vector<double>& values);  // none of these takes an empty list
double median(std::vector<double> values);
// Between order statistics linearly (Hyndman and Fan 1996, type 7); share from 0 to 1.
double quantile(std::vector<double> values, double share);
double geometric_mean(const std::vector<double>& values);  // all above 0

struct Interval {
  double low = 0;
  double high = 0;
  bool operator==(const Interval&) const = default;
};
Interval interval_of_mean(const std::vector<double>& values, std::uint64_t seed = 0);

struct Figure {  // over runs
  double mean = 0;
  double median = 0;
  double low = 0, high = 0;  // the interval of the mean
};
Figure figure(const std::vector<double>& values);

}  // namespace sm2::compare
