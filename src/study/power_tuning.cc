#include "study/power_tuning.h"

#include <utility>

namespace sm2::study {
namespace {

constexpr base::Seconds kSlice{2};  // counters step every 0.1 s: an error of a few percent
constexpr std::int64_t kSliceSteps = 10;
constexpr base::Seconds kSettle{0.25};  // clocks and counters follow a limit so late

}  // namespace

PowerTuning::PowerTuning(meter::PowerKnob& knob, std::optional<base::Watts> known)
    : knob_(knob), search_(knob.limits()) {
  if (known) keep(*known);
}

void PowerTuning::add(const Moment& moment) {
  if (over_) return;
  if (!changed_) return try_next(moment.time);
  if (!moment.energy) return give_up("the energy is not known");
  if (!begin_ && moment.time < *changed_ + kSettle) return;
  (begin_ ? last_ : begin_) = moment;
  const Moment so_far = slice();
  if (so_far.time < kSlice || so_far.step < kSliceSteps) return;
  if (so_far.samples <= 0) return give_up("the samples that the program reports do not grow");
  search_.tell(so_far.energy->value / so_far.samples, so_far.time.value / so_far.samples);
  try_next(moment.time);
}

void PowerTuning::interrupt() {
  before_ = slice();
  begin_.reset();
  last_.reset();
}

PowerTuning::Moment PowerTuning::slice() const {
  Moment all = before_;
  all.energy = before_.energy.value_or(base::Joules(0));
  if (!begin_ || !last_) return all;
  all.samples += last_->samples - begin_->samples;
  all.step += last_->step - begin_->step;
  *all.energy += *last_->energy - *begin_->energy;
  all.time += last_->time - begin_->time;
  return all;
}

void PowerTuning::try_next(base::Seconds now) {
  changed_ = now;
  before_ = {};
  begin_.reset();
  last_.reset();
  const auto limit = search_.next();
  if (!limit) {
    if (const auto best = search_.best()) return keep(*best);
    return give_up("the device offers no limits");
  }
  if (const auto set = knob_.set(*limit); !set) give_up(set.error().message);
}

void PowerTuning::keep(base::Watts limit) {
  over_ = true;
  const auto set = knob_.set(limit);
  if (!set) return give_up(set.error().message);
  limit_ = limit;
}

void PowerTuning::give_up(std::string why) {
  over_ = true;
  failure_ = "its power limit was not tuned: " + std::move(why);
  knob_.restore();
}

}  // namespace sm2::study
