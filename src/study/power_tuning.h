// The power limit that one trial trains with, found while it trains: each limit that the device offers is tried for a
// slice of steady steps, from the highest down (objective/power_search.h), and the best is kept until the process ends.
// A slice is at least 2 s and 10 steps of training, counted from a moment after the limit was changed. Evaluations
// interrupt a slice and are not in it. The limit is as it was found again when the object goes, whatever the reason.
//
// For one trial at a time: the limit is the device's, and with two trials neither would know what it did to the other.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/quantity.h"
#include "meter/power_knob.h"
#include "objective/power_search.h"

namespace sm2::study {

class PowerTuning {
 public:
  struct Moment {  // between two training steps
    double samples = 0;
    std::int64_t step = 0;
    std::optional<base::Joules> energy;
    base::Seconds time;
  };

  // `known`: what an earlier process of the trial found. It is set at once, and nothing is searched.
  PowerTuning(meter::PowerKnob& knob, std::optional<base::Watts> known);
  ~PowerTuning() { knob_.restore(); }
  PowerTuning(const PowerTuning&) = delete;
  PowerTuning& operator=(const PowerTuning&) = delete;

  void add(const Moment& moment);
  void interrupt();  // training pauses here, for an evaluation

  bool searching() const { return !over_; }
  std::optional<base::Watts> limit() const { return limit_; }  // found, and set
  const std::string& failure() const {
    return failure_;
  }  // why there is none to be found; empty unless it failed

 private:
  void try_next(base::Seconds now);
  void keep(base::Watts limit);
  void give_up(std::string why);
  Moment slice() const;  // what was trained, and used, at the limit that is being tried

  meter::PowerKnob& knob_;
  objective::PowerSearch search_;
  std::optional<base::Watts> limit_;
  std::string failure_;
  bool over_ = false;
  std::optional<base::Seconds> changed_;  // when the limit was; absent before the first moment
  std::optional<Moment> begin_, last_;    // of the part of the slice since the last interruption
  Moment before_;                         // the earlier parts, added up
};

}  // namespace sm2::study
