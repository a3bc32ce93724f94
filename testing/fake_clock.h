// Time that passes only when a test says so. Wall time begins at a fixed date and runs along, unless it is set.
#pragma once

#include "base/clock.h"

namespace sm2::testing {

class FakeClock final : public base::Clock {
 public:
  base::Seconds monotonic() const override { return now_; }
  base::Seconds wall() const override { return wall_at_zero_ + now_; }

  void advance(base::Seconds time) { now_ += time; }
  // Somebody sets the machine's clock; what passes is as before.
  void set_wall_by(base::Seconds change) { wall_at_zero_ += change; }

 private:
  base::Seconds wall_at_zero_{1'700'000'000};
  base::Seconds now_;
};

}  // namespace sm2::testing
