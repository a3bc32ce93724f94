// The learning-rate schedules of the protocol (docs/protocol.md), as a formula of the optimiser step.
//
//   t = max(0, step - first_step), c = cycle_steps, x = (t mod c) / c
//   constant     high
//   cosine       low + (high - low) (1 + cos(pi min(1, t / c))) / 2       Loshchilov and Hutter, arXiv 1608.03983
//   the others   low + (high - low) h with the height h; "log-" before the name: low (high / low)^h
//     triangular   1 - |2x - 1|                                           Smith, arXiv 1506.01186
//     triangular2  the same, halved after each cycle: divided by 2^floor(t / c)
//     exp-range    the same times gamma^(t / c): PyTorch's CyclicLR with a gamma of gamma^(1 / c)
//     range-test   x                                                      1506.01186, 3.3
//     one-cycle    s = t mod c, u = 0.3 c - 1: (1 - cos(pi s / u)) / 2 up to s = u; then down likewise, to 0 at
//                  s = c - 1, on the linear scale to low / 10^4 in place of low: PyTorch's OneCycleLR
//                                                                         Smith and Topin, arXiv 1708.07120
//
// A cycle that is not longer than 0 steps has no shape: it is constant. Pure, any thread.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string_view>

namespace sm2 {

struct Schedule {
  enum class Shape { kConstant, kTriangular, kTriangular2, kExpRange, kOneCycle, kRangeTest, kCosine };

  Shape shape = Shape::kConstant;
  double low = 0;
  double high = 0;
  double first_step = 0;
  double cycle_steps = 0;
  bool log = false;  // on a log scale; not of a constant or a cosine
  double gamma = 1;  // of exp-range, per cycle

  // Every name that named() knows.
  static constexpr std::array<std::string_view, 12> kNames = {
      "constant",  "cosine",        "triangular", "log-triangular", "triangular2", "log-triangular2",
      "exp-range", "log-exp-range", "one-cycle",  "log-one-cycle",  "range-test",  "log-range-test"};

  // With shape and log as the name has them. A name that is not known is constant.
  static Schedule named(std::string_view name) {
    Schedule schedule;
    if (std::find(kNames.begin(), kNames.end(), name) == kNames.end()) return schedule;
    schedule.log = name.substr(0, 4) == "log-";
    if (schedule.log) name.remove_prefix(4);
    if (name == "triangular") schedule.shape = Shape::kTriangular;
    if (name == "triangular2") schedule.shape = Shape::kTriangular2;
    if (name == "exp-range") schedule.shape = Shape::kExpRange;
    if (name == "one-cycle") schedule.shape = Shape::kOneCycle;
    if (name == "range-test") schedule.shape = Shape::kRangeTest;
    if (name == "cosine") schedule.shape = Shape::kCosine;
    return schedule;
  }

  // The learning rate at `step`, counted from the trial's very beginning.
  double at(std::int64_t step) const {
    if (shape == Shape::kConstant || !(cycle_steps > 0)) return high;
    const double t = std::max(0.0, static_cast<double>(step) - first_step);
    if (shape == Shape::kCosine) return between(low, fall(std::min(1.0, t / cycle_steps)));
    if (shape == Shape::kOneCycle) return one_cycle(std::fmod(t, cycle_steps));
    return between(low, height(t));
  }

 private:
  static constexpr double kPi = 3.14159265358979323846;

  static double fall(double x) { return (1 + std::cos(kPi * x)) / 2; }

  double between(double bottom, double height) const {
    return log ? bottom * std::pow(high / bottom, height) : bottom + (high - bottom) * height;
  }

  double height(double t) const {
    const double x = std::fmod(t, cycle_steps) / cycle_steps;
    if (shape == Shape::kRangeTest) return x;
    const double triangle = 1 - std::abs(2 * x - 1);
    if (shape == Shape::kTriangular2) return std::ldexp(triangle, -halvings(t));
    return shape == Shape::kExpRange ? triangle * std::pow(gamma, t / cycle_steps) : triangle;
  }

  // Beyond what a double can halve to, there is no amplitude left.
  int halvings(double t) const { return static_cast<int>(std::min(2000.0, std::floor(t / cycle_steps))); }

  double one_cycle(double step) const {
    const double top = std::max(0.0, 0.3 * cycle_steps - 1);
    const double end = std::max(top, cycle_steps - 1);
    if (step < top) return between(low, 1 - fall(step / top));
    const double floor = log ? low : low / 1e4;
    return between(floor, end > top ? fall(std::min(1.0, (step - top) / (end - top))) : 0);
  }
};

}  // namespace sm2
