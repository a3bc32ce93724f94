// A GPU's total energy counter, distrusted: one that does not move while the GPU draws power would read as 0 J. It is
// then an error, after two of its steps as long as it was never seen to move, after one second once it was or where the power is 0 W. May be
// called from any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>

#include "base/clock.h"
#include "base/result.h"

namespace sm2::meter::nvml {

class EnergyCounter {
 public:
  using Read = std::function<base::Result<std::uint64_t>()>;
  using Power = std::function<std::optional<base::Watts>()>;  // now; nothing where it is not known

  EnergyCounter(Read read, Power power, base::Seconds step, const base::Clock& clock);

  base::Result<std::uint64_t> read();

 private:
  base::Result<std::uint64_t> judge(std::uint64_t count);

  Read read_;
  Power power_;
  base::Seconds step_;
  const base::Clock& clock_;
  std::mutex mutex_;
  std::optional<std::uint64_t> last_;
  base::Seconds since_;  // when it was first seen to show `last_`
  bool moves_ = false;
};

}  // namespace sm2::meter::nvml
