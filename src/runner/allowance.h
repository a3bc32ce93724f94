// How much of something is let through: so much at once, and so much a second on end (a token bucket). What came
// together may be charged together, and then it is overdrawn until enough time has passed. Times are monotonic.
#pragma once

#include <algorithm>
#include <optional>

#include "base/quantity.h"

namespace sm2::runner {

class Allowance {
 public:
  Allowance(double at_once, double per_second) : at_once_(at_once), per_second_(per_second), left_(at_once) {}

  // One more, if there is room for it.
  bool take(base::Seconds now) {
    refill(now);
    if (left_ < 1) return false;
    left_ -= 1;
    return true;
  }

  void charge(double amount) { left_ -= amount; }

  // When it will be no longer overdrawn; nothing when it is not.
  std::optional<base::Seconds> overdrawn_until() const {
    if (left_ >= 0) return {};
    return filled_.value_or(base::Seconds(0)) + base::Seconds(-left_ / per_second_);
  }
  std::optional<base::Seconds> overdrawn_until(base::Seconds now) {
    refill(now);
    return overdrawn_until();
  }

 private:
  void refill(base::Seconds now) {
    const base::Seconds passed = now - filled_.value_or(now);
    left_ = std::min(at_once_, left_ + per_second_ * passed.value);
    filled_ = now;
  }

  double at_once_, per_second_;
  double left_;
  std::optional<base::Seconds> filled_;  // when last; nothing before the first look at the time
};

}  // namespace sm2::runner
