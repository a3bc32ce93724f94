#include "study/comparable.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace sm2::study {

using trial::TrialId;

void Comparable::see(const trial::EventBody& event, const journal::StudyState& after) {
  several_ = after.hardware.size() > 1;
  if (const auto* launched = std::get_if<trial::Launched>(&event)) {
    const journal::Trial& trial = after.trials.at(launched->trial);
    Account& account = accounts_[launched->trial];
    account.from = trial.checkpoint ? trial.checkpoint_resource : 0;
    if (!trial.hardware.empty()) account.hardware = trial.hardware.back();
  }
  const auto* exited = std::get_if<trial::Exited>(&event);
  const auto total = exited ? trial::total(exited->stretch.energy) : std::nullopt;
  if (!total) return;
  Account& account = accounts_[exited->trial];
  learn(account, exited->stretch, std::max(0.0, total->value - account.read));
  const auto kind = static_cast<std::size_t>(account.hardware);
  account.used.resize(std::max(account.used.size(), kind + 1));
  account.used[kind] += std::max(0.0, total->value - account.read);
  account.read = total->value;
}

// What was used before anything was known of the hardware is seen by what is known now.
Comparable::Compared Comparable::compared(const Account& account, double running) const {
  Compared sum;
  const auto add = [&](int hardware, double joules) {
    if (joules == 0) return;
    const auto cost = costs_.of(hardware);
    sum.joules += joules / cost.ratio;
    sum.deviation += joules / cost.ratio * cost.deviation;
  };
  for (std::size_t kind = 0; kind < account.used.size(); ++kind)
    add(static_cast<int>(kind), account.used[kind]);
  add(account.hardware, running);
  return sum;
}

// What a process showed of its hardware: by steady training where the program counts samples, else by all that it used.
void Comparable::learn(Account& account, const trial::Stretch& stretch, double joules) {
  const bool by_sample = stretch.progress.joules_per_sample.has_value();
  const double trained = stretch.reached - account.from;
  const bool clear = joules > 2 * trial::noise(stretch.energy).value && trained > 0;
  const bool whole =
      trial::usable(stretch.outcome) && !std::holds_alternative<trial::Interrupted>(stretch.outcome);
  if (!whole || (!by_sample && !clear)) return;
  const double rate = by_sample ? *stretch.progress.joules_per_sample : joules / trained;
  if (!(rate > 0) || !std::isfinite(rate)) return;
  if (!account.rate) {
    costs_.observe(account.hardware, rate);
  } else if (account.rated_on != account.hardware && account.by_sample == by_sample) {
    costs_.observe_move(account.rated_on, *account.rate, account.hardware, rate);
  }
  account.rate = rate;
  account.rated_on = account.hardware;
  account.by_sample = by_sample;
}

trial::Stretch Comparable::told(TrialId trial, trial::Stretch stretch) {
  const auto total = trial::total(stretch.energy);
  if (!total || !several_) return stretch;
  Account& account = accounts_[trial];
  const Compared sum = compared(account, std::max(0.0, total->value - account.read));
  account.told = std::max(account.told, sum.joules);
  const double share = total->value > 0 ? account.told / total->value : 1;
  trial::Reading reading;
  reading.domain = "all";
  reading.source = "compared";
  reading.quality = trial::worst(stretch.energy);
  reading.joules = base::Joules(account.told);
  reading.noise = share * trial::noise(stretch.energy) + base::Joules(sum.deviation);
  reading.error = share * trial::error(stretch.energy) + reading.noise;
  stretch.energy = {reading};
  if (stretch.progress.joules_per_sample)
    *stretch.progress.joules_per_sample /= costs_.of(account.hardware).ratio;
  return stretch;
}

}  // namespace sm2::study
