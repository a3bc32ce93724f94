// The learning-rate schedules of the protocol (docs/protocol.md), as a formula of the optimiser step.
//
//   t = max(0, step - first_step), c = cycle_steps
//   constant    high
//   triangular  x = (t mod c) / c;     low + (high - low) (1 - |2x - 1|)    Smith, arXiv 1506.01186
//   log-triangular              low (high / low)^(1 - |2x - 1|), the same on a log scale
//   cosine      x = min(1, t / c);     low + (high - low) (1 + cos(pi x)) / 2    Loshchilov, arXiv 1608.03983
//
// A cycle that is not longer than 0 steps has no shape: it is constant. Pure, any thread.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string_view>

namespace sm2 {

struct Schedule {
  enum class Shape { kConstant, kTriangular, kLogTriangular, kCosine };

  Shape shape = Shape::kConstant;
  double low = 0;
  double high = 0;
  double first_step = 0;
  double cycle_steps = 0;

  // A name that is not known is constant.
  static Shape shape_named(std::string_view name) {
    if (name == "triangular") return Shape::kTriangular;
    if (name == "log-triangular") return Shape::kLogTriangular;
    if (name == "cosine") return Shape::kCosine;
    return Shape::kConstant;
  }

  // The learning rate at `step`, counted from the trial's very beginning.
  double at(std::int64_t step) const {
    if (shape == Shape::kConstant || !(cycle_steps > 0)) return high;
    const double t = std::max(0.0, static_cast<double>(step) - first_step);
    if (shape != Shape::kCosine) {
      const double height = 1 - std::abs(2 * std::fmod(t, cycle_steps) / cycle_steps - 1);
      return shape == Shape::kTriangular ? low + (high - low) * height : low * std::pow(high / low, height);
    }
    constexpr double kPi = 3.14159265358979323846;
    const double x = std::min(1.0, t / cycle_steps);
    return low + (high - low) * (1 + std::cos(kPi * x)) / 2;
  }
};

}  // namespace sm2
