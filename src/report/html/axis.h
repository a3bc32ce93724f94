// One axis of a chart: a range of numbers, linear or logarithmic, laid out from 0 to 1.
#pragma once

#include <vector>

namespace sm2::report::html {

struct Axis {
  double low = 0;
  double high = 1;  // > low; both > 0 when logarithmic
  bool logarithmic = false;

  double at(double value) const;               // 0 at low, 1 at high
  std::vector<double> ticks(int about) const;  // round numbers within the range, ends included
};

// An axis that holds all values with a little room; never empty, whatever the values are (finite).
Axis linear_axis(double least, double most);

// From `least` to `most`, both > 0: logarithmic when they are far apart, else linear and beginning at 0.
Axis energy_axis(double least, double most);

}  // namespace sm2::report::html
