#include "noise.h"

#include <cmath>

namespace trainer {

namespace {

constexpr double kKept = 0.9;  // of the average, at each new estimate

}  // namespace

void NoiseScale::add(const GradientNorms& n) {
  const double signal =
      (n.whole_samples * n.whole - n.small_samples * n.small) / (n.whole_samples - n.small_samples);
  const double variance = (n.small - n.whole) / (1 / n.small_samples - 1 / n.whole_samples);
  if (!std::isfinite(signal) || !std::isfinite(variance)) return;
  averages_.signal = kKept * averages_.signal + (1 - kKept) * signal;
  averages_.variance = kKept * averages_.variance + (1 - kKept) * variance;
}

std::optional<double> NoiseScale::samples() const {
  const double scale = averages_.variance / averages_.signal;
  if (averages_.signal <= 0 || averages_.variance <= 0 || !std::isfinite(scale)) return std::nullopt;
  return scale;
}

}  // namespace trainer
