// A domain whose device counts its energy itself. Nothing needs to run between readings, except that a counter
// which wraps must be read within `read_within`.
//
// The counter is stepped every `update`: at both ends of a window it is up to one update late. Both are late in the
// same direction, so that the difference is wrong by at most one update of power. With P the highest of the window's
// mean power and the power at its two ends:
//
//   noise = P * update + one count           what the ends may differ by
//   error = noise + relative_error * joules  the device's own stated bound
//
// Where the device does not say its power, P is the mean and taken twice, and in windows shorter than 5 updates it
// is the highest plausible power. A window whose noise is more than half its joules says that it is too short.
// A counter that has stood still for longer than `longest_rest` is broken, and not 0 J: unknown. Wraps, resets and counters that run backwards are told by wrapping_counter.h; what cannot be told makes the window
// unknown, with the reason.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "base/clock.h"
#include "base/result.h"
#include "meter/domain.h"

namespace sm2::meter {

struct Counter {
  base::Joules per_count;     // joules of one count
  std::uint64_t highest = 0;  // counts 0 .. highest, then 0 again; the largest value where it never wraps
  base::Watts highest_power;  // that is plausible
  base::Seconds update;       // how often it is stepped
  double relative_error = 0;
  std::function<base::Result<std::uint64_t>()> read;
  std::function<std::optional<base::Watts>()> power = {};  // now, to bound the ends; may be empty
  // What uses energy cannot stand still for longer; absent where counts are coarse or `read` judges that itself.
  std::optional<base::Seconds> longest_rest = base::Seconds(1);
};

class CounterDomain : public Domain {
 public:
  CounterDomain(DomainInfo info, Counter counter, const base::Clock& clock);

  const DomainInfo& info() const override { return info_; }
  std::unique_ptr<DomainWindow> open(const Load& load) override;
  std::optional<base::Seconds> read_within() const override;

 private:
  DomainInfo info_;
  Counter counter_;
  const base::Clock& clock_;
};

}  // namespace sm2::meter
