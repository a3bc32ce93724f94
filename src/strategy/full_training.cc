#include "strategy/full_training.h"

#include <cmath>

namespace sm2::strategy {

FullTraining::FullTraining(std::vector<space::Configuration> configurations, double until)
    : configurations_(std::move(configurations)), until_(until) {}

trial::Decision FullTraining::ask() {
  if (asked_ < configurations_.size()) {
    const auto trial = static_cast<trial::TrialId>(asked_);
    return trial::Train{trial, configurations_[asked_++], 0, until_, {}, {}};
  }
  if (told_ < asked_) return trial::Wait{};
  if (!best_) return trial::Finish{{}, "no configuration is left: every one failed"};
  return trial::Finish{best_, fmt::format("best of {} configurations", asked_)};
}

void FullTraining::tell(trial::TrialId trial, const trial::Stretch& stretch) {
  ++told_;
  if (!trial::usable(stretch.outcome) || !stretch.metric || !std::isfinite(*stretch.metric)) return;
  const bool earlier_tie = best_ && *stretch.metric == best_metric_ && trial < *best_;
  if (!best_ || *stretch.metric > best_metric_ || earlier_tie) {
    best_ = trial;
    best_metric_ = *stretch.metric;
  }
}

}  // namespace sm2::strategy
