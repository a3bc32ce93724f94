#include "strategy/sample_cost.h"

#include <algorithm>

namespace sm2::strategy {

std::optional<double> sample_cost(const trial::Stretch& stretch, bool by_time) {
  const auto cost = by_time ? stretch.progress.seconds_per_sample : stretch.progress.joules_per_sample;
  return cost && *cost > 0 ? cost : std::nullopt;
}

double sample_cost(const std::vector<SampleCost>& known, double batch_size) {
  if (known.empty()) return 1;
  const double small = known[0].cost;
  if (known.size() == 1) return small;
  const double a = 1 / known[0].batch_size, b = 1 / known[1].batch_size;
  const double per_step = std::max(0.0, (small - known[1].cost) / (a - b));
  return std::max(small / 2, small + per_step * (1 / batch_size - a));
}

}  // namespace sm2::strategy
