#include "meter/nvml/energy_counter.h"

#include <utility>

#include "base/units.h"

namespace sm2::meter::nvml {

using base::Seconds;
using base::Watts;

namespace {

constexpr Seconds kPatience{1};

}  // namespace

EnergyCounter::EnergyCounter(Read read, Power power, Seconds step, const base::Clock& clock)
    : read_(std::move(read)), power_(std::move(power)), step_(step), clock_(clock) {}

base::Result<std::uint64_t> EnergyCounter::read() {
  const std::lock_guard lock(mutex_);
  return read_().and_then([this](std::uint64_t count) { return judge(count); });
}

base::Result<std::uint64_t> EnergyCounter::judge(std::uint64_t count) {
  const Seconds now = clock_.monotonic();
  if (count != last_) {
    moves_ = moves_ || last_;
    last_ = count;
    since_ = now;
    return count;
  }
  const Seconds still = now - since_;
  if (still <= 2 * step_) return count;
  const auto power = power_();
  const bool may_rest = moves_ || (power && *power <= Watts(0));
  if (may_rest && still <= kPatience) return count;
  return base::fail("its energy counter has not moved for {}{}", base::format(still),
                    power ? " while the GPU draws " + base::format(*power) : "");
}

}  // namespace sm2::meter::nvml
