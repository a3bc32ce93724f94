#include "report/html/axis.h"

#include <algorithm>
#include <cmath>

namespace sm2::report::html {
namespace {

constexpr double kFarApart = 25;  // times; a linear axis would push the small ones into its first pixels

double round_step(double step) {
  const double power = std::pow(10, std::floor(std::log10(step)));
  const double lead = step / power;
  return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
}

std::vector<double> linear_ticks(double low, double high, int about) {
  const double step = round_step((high - low) / about);
  std::vector<double> ticks;
  const double first = std::ceil(low / step - 1e-9);
  for (double i = first; i * step <= high + 1e-9 * step; ++i) ticks.push_back(i * step);
  return ticks;
}

std::vector<double> log_ticks(double low, double high, int about) {
  const double decades = std::log10(high / low);
  std::vector<double> leads = {1};
  if (2 * decades <= about) leads = {1, 3};
  if (3 * decades <= about) leads = {1, 2, 5};
  std::vector<double> ticks;
  for (double power = std::floor(std::log10(low)); power <= std::log10(high); ++power) {
    for (const double lead : leads) {
      const double tick = lead * std::pow(10, power);
      if (tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9)) ticks.push_back(tick);
    }
  }
  return ticks;
}

}  // namespace

double Axis::at(double value) const {
  if (logarithmic) return std::log(std::max(value, low * 1e-3) / low) / std::log(high / low);
  return (value - low) / (high - low);
}

std::vector<double> Axis::ticks(int about) const {
  return logarithmic ? log_ticks(low, high, about) : linear_ticks(low, high, about);
}

Axis linear_axis(double least, double most) {
  // Halved before subtracting: the span of two finite numbers may be infinite.
  const double half = most / 2 - least / 2;
  const double room = half > 1e-12 * std::abs(most) ? half * 0.12 : std::max(std::abs(most) * 0.1, 1e-6);
  constexpr double kMost = 1e300;
  return {std::max(least - room, -kMost), std::min(most + room, kMost), false};
}

Axis energy_axis(double least, double most) {
  if (most / least > kFarApart) return {least / 1.15, most * 1.08, true};
  return {0, most * 1.04, false};
}

}  // namespace sm2::report::html
