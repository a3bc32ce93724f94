#include "objective/power_search.h"

#include <algorithm>

namespace sm2::objective {
namespace {

constexpr int kWorseInARow = 2;  // one bad limit may be noise

}  // namespace

PowerSearch::PowerSearch(std::vector<base::Watts> limits, std::optional<double> slowdown)
    : limits_(std::move(limits)), slowdown_(slowdown) {
  std::ranges::sort(limits_, std::greater{});
}

std::optional<base::Watts> PowerSearch::next() const {
  if (at_ >= limits_.size() || worse_ >= kWorseInARow) return {};
  return limits_[at_];
}

void PowerSearch::tell(double joules_per_sample, double seconds_per_sample) {
  const Tried tried{limits_[at_++], joules_per_sample, seconds_per_sample};
  if (!first_) first_ = tried;
  const bool too_slow = slowdown_ && tried.seconds > *slowdown_ * first_->seconds;
  if (!too_slow && (!best_ || tried.joules < best_->joules)) {
    best_ = tried;
    worse_ = 0;
  } else {
    ++worse_;
  }
}

std::optional<base::Watts> PowerSearch::best() const {
  if (!best_) return {};
  return best_->limit;
}

}  // namespace sm2::objective
