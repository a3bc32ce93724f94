// Time that passes only when a test says so. Wall time begins at a fixed date and runs along.
#pragma once

#include "base/clock.h"

namespace sm2::testing {

class FakeClock final : public base::Clock {
 public:
  base::Seconds monotonic() const override { return now_; }
  base::Seconds wall() const override { return base::Seconds(1'700'000'000) + now_; }

  void advance(base::Seconds time) { now_ += time; }

 private:
  base::Seconds now_;
};

}  // namespace sm2::testing
