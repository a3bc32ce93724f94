#include "objective/arrival.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace sm2::objective {
namespace {

// Horizons: every unit up to 16, then ever further apart.
constexpr std::size_t kEven = 16;
constexpr double kApart = 1.12;

double horizon(std::size_t at) {
  return at < kEven ? static_cast<double>(at + 1)
                    : static_cast<double>(kEven) * std::pow(kApart, static_cast<double>(at - kEven + 1));
}

std::size_t horizon_of(double units) {
  if (units <= kEven) return static_cast<std::size_t>(std::max(0.0, std::ceil(units) - 1));
  return kEven - 1 + static_cast<std::size_t>(std::ceil(std::log(units / kEven) / std::log(kApart)));
}

}  // namespace

void Arrival::add(double units, double weight) {
  if (!std::isfinite(units)) return;
  const std::size_t at = horizon_of(units);
  if (at < kHorizons) arriving_[at] += weight;
}

double Arrival::units_per_success() const {
  double arrived = 0, spent = 0, least = std::numeric_limits<double>::infinity();
  for (std::size_t at = 0; at < kHorizons; ++at) {
    if (arriving_[at] == 0) continue;
    arrived += arriving_[at];
    spent += arriving_[at] * horizon(at);
    least = std::min(least, (spent + horizon(at) * (1 - arrived)) / arrived);
  }
  return least;
}

}  // namespace sm2::objective
