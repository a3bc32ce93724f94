#include "meter/power_integral.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace sm2::meter {
namespace {

using base::Joules;
using base::Seconds;
using base::Watts;

constexpr Seconds kOfTheMoment{0.01};  // between samples of a sensor that always shows something new
constexpr double kLearning = 0.2;      // weight of the newest update that was seen
constexpr double kMissed = 20;         // periods without a sample of a sensor of the moment are a gap
constexpr double kGap = 0.02;          // of the energy: more in gaps is worth a word

}  // namespace

void PowerIntegral::add(Seconds now, Watts power) {
  const bool missed = !missing_.empty();
  missing_.clear();
  highest_seen_ = std::max(highest_seen_, power);
  if (!last_.valid) {
    last_ = {now, power, {}, {}, 0, true};
    return;
  }
  const Seconds step = now - last_.at;
  if (step <= Seconds(0)) return;
  last_.integral += 0.5 * step * (last_.power + power);
  const Seconds covered = missed                        ? Seconds(0)
                          : sensor_.update > Seconds(0) ? 2 * sensor_.update
                                                        : kMissed * next();
  if (step > covered) last_.gap += (step - covered) * highest_seen_;
  if (power != last_.power) {
    const Seconds stratum = std::max(step, sensor_.update);
    const double jump = stratum.value * (power - last_.power).value;
    last_.variance += 0.5 * jump * jump;
    const Seconds since_change = now - changed_at_;
    if (changed_at_ > Seconds(0))
      learnt_ = learnt_ > Seconds(0) ? (1 - kLearning) * learnt_ + kLearning * since_change : since_change;
    changed_at_ = now;
  }
  last_.at = now;
  last_.power = power;
}

void PowerIntegral::miss(std::string why) { missing_ = std::move(why); }

PowerIntegral::Mark PowerIntegral::mark() const { return last_; }

std::optional<PowerIntegral::Energy> PowerIntegral::since(const Mark& mark) const {
  if (!mark.valid || !last_.valid) return {};
  const Seconds delay = 0.5 * (sensor_.averaged + sensor_.update);
  const double unseen_share = 1 - sensor_.duty;
  Energy energy;
  energy.elapsed = last_.at - mark.at;
  const Joules seen = last_.integral - mark.integral;
  energy.joules = std::max(Joules(0), seen + delay * (last_.power - mark.power));
  const Joules gap = last_.gap - mark.gap;
  energy.gap = gap > kGap * energy.joules;
  const Joules ends = delay * (last_.power + mark.power);
  const Joules between(2 * unseen_share * std::sqrt(std::max(0.0, last_.variance - mark.variance)));
  energy.noise = ends + between + gap;
  energy.error = energy.noise + sensor_.relative_error * energy.joules;
  if (sensor_.fixed_phase && energy.elapsed > Seconds(0)) {
    const Watts mean = seen / energy.elapsed;
    energy.error += unseen_share * energy.elapsed * std::max(sensor_.highest - mean, mean);
  }
  return energy;
}

Seconds PowerIntegral::next() const {
  if (sensor_.update <= Seconds(0)) return kOfTheMoment;
  if (learnt_ <= Seconds(0)) return 0.5 * sensor_.update;
  return std::clamp(0.5 * learnt_, 0.25 * sensor_.update, 0.5 * sensor_.update);
}

}  // namespace sm2::meter
