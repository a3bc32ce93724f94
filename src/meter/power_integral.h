// Energy from a power that is sampled, with a bound of what the samples cannot tell. Pure: times and watts go in.
//
// What a sensor shows at time t is the mean of the true power over `averaged`, up to t less up to one `update`.
// Between samples the trapezoid rule is used. With p(a) and p(b) what it shows at the ends of a window, and
// L = (averaged + update) / 2 its mean delay:
//
//   joules = integral + L * (p(b) - p(a))              the sensor lags: what it shows is L seconds old
//   ends   = L * (p(a) + p(b))                         since power is never negative, the energy that has not reached
//                                                      the sensor yet lies between 0 and 2 L p: exact for a mean over
//                                                      `averaged` (E(t) - mean E over [t - A, t] <= A p(t))
//   between = 2 sqrt(sum dt^2 (p_i - p_{i-1})^2 / 2) * (1 - duty)   sampling error of the part not seen, from
//                                                      successive differences; 95 %
//   unseen = (1 - duty) * T * max(highest - mean, mean)  only where duty < 1: a sensor that looks at a fixed
//                                                      part of every update (A100, H100: 25 %, arXiv 2312.02741) may be in
//                                                      step with the load, and then no sample shows it
//   gaps   = highest power seen * time without samples, beyond two updates (of the moment: 0.2 s) or after a failure
//   noise  = ends + between + gaps
//   error  = noise + unseen + relative_error * joules
//
// `duty` is 0 for a sensor that shows the power of the moment of reading, 1 where the means cover all of the time.
#pragma once

#include <optional>
#include <string>

#include "base/quantity.h"

namespace sm2::meter {

struct PowerSensor {
  base::Seconds update;       // how often it shows something new; 0: at every reading
  base::Seconds averaged;     // over how long what it shows is a mean; 0: of the moment
  double duty = 1;            // share of the time that its means cover
  bool fixed_phase = false;   // its looks are at fixed times of its own: duty < 1 may hide a periodic load
  base::Watts highest;        // above this a reading is refused as implausible
  double relative_error = 0;  // of its calibration
};

class PowerIntegral {
 public:
  explicit PowerIntegral(PowerSensor sensor) : sensor_(sensor) {}

  // `now` is monotonic; a sample that is not later than the last one replaces nothing and is ignored.
  void add(base::Seconds now, base::Watts power);
  // There was no sample; `why` stays until the next one.
  void miss(std::string why);

  struct Mark {  // where a window begins
    base::Seconds at;
    base::Watts power;
    base::Joules integral, gap;
    double variance = 0;
    bool valid = false;
  };
  Mark mark() const;

  struct Energy {
    base::Joules joules, error, noise;
    base::Seconds elapsed;
    bool gap = false;  // more than 2 % of it was not sampled
  };
  // Since the mark, up to the last sample; nothing before there are any samples.
  std::optional<Energy> since(const Mark& mark) const;

  const std::string& missing() const { return missing_; }  // why the last sample failed, else empty
  base::Seconds next() const;                              // how long to wait for the next sample

 private:
  PowerSensor sensor_;
  Mark last_;
  base::Watts highest_seen_;
  std::string missing_;
  base::Seconds changed_at_;
  base::Seconds learnt_;  // update period, as seen; 0 until something changed twice
};

}  // namespace sm2::meter
