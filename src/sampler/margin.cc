#include "sampler/margin.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "space/unit.h"

namespace sm2::sampler {
namespace {

double normal_share_below(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }

// Where the value changes between `inside` and the end (0 or 1) of the axis, next to `inside`; nothing where
// it does not. By bisection, so that it agrees with from_unit to the last bit, whatever the scale.
std::optional<double> edge(const space::Domain& domain, double inside, double end) {
  const space::Value value = space::from_unit(domain, inside);
  if (space::from_unit(domain, end) == value) return {};
  double within = inside, beyond = end;
  for (int halving = 0; halving < 50; ++halving) {
    const double middle = (within + beyond) / 2;
    (space::from_unit(domain, middle) == value ? within : beyond) = middle;
  }
  return beyond;
}

// The mean is in the first or the last cell, whose only inner edge this is.
double kept_near(double edge, double mean, double deviation, double alpha) {
  const double reach = normal_quantile(1 - alpha) * deviation;
  return std::clamp(mean, edge - reach, edge + reach);
}

Marginal between(double low, double high, Marginal now, double deviation, double alpha) {
  const double least = alpha / 2;
  const double below = normal_share_below((low - now.mean) / (deviation * now.scale));
  const double above = normal_share_below((now.mean - high) / (deviation * now.scale));
  if (below >= least && above >= least) return now;
  const double raised_below = std::max(least, below);
  const double raised_above = std::max(least, above);
  const double total = 1 - below - above + raised_below + raised_above;
  const double back = (1 - total) / (total - 3 * least);  // so that the three shares add up to 1 again
  const double left = normal_quantile(1 - (raised_below + back * (raised_below - least)));
  const double right = normal_quantile(1 - (raised_above + back * (raised_above - least)));
  return {(low * right + high * left) / (left + right), (high - low) / (deviation * (left + right))};
}

}  // namespace

double normal_quantile(double share) {
  double low = -40, high = 40;
  for (int halving = 0; halving < 60; ++halving) {
    const double middle = (low + high) / 2;
    (normal_share_below(middle) < share ? low : high) = middle;
  }
  return (low + high) / 2;
}

Marginal with_margin(const space::Domain& domain, Marginal now, double deviation, double alpha) {
  if (!space::cardinality(domain)) return now;
  const double inside = std::clamp(now.mean, 0.0, 1.0);
  const auto low = edge(domain, inside, 0);
  const auto high = edge(domain, inside, 1);
  if (low && high) return between(*low, *high, now, deviation, alpha);
  if (!low && !high) return now;
  return {kept_near(low ? *low : *high, now.mean, deviation * now.scale, alpha), now.scale};
}

}  // namespace sm2::sampler
