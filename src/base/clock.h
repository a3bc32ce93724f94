// Where time comes from. `monotonic` never goes back and measures durations; `wall` is Unix time for people
// and may jump.
#pragma once

#include <time.h>

#include "base/quantity.h"

namespace sm2::base {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Seconds monotonic() const = 0;
  virtual Seconds wall() const = 0;
};

class SystemClock final : public Clock {
 public:
  Seconds monotonic() const override { return read(CLOCK_MONOTONIC); }
  Seconds wall() const override { return read(CLOCK_REALTIME); }

 private:
  static Seconds read(clockid_t id) {
    timespec now{};
    clock_gettime(id, &now);
    return Seconds(static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec));
  }
};

}  // namespace sm2::base
