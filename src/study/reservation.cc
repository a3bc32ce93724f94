#include "study/reservation.h"

#include <algorithm>
#include <numeric>
#include <ranges>

namespace sm2::study {
namespace {

constexpr std::size_t kLatest = 16;

std::optional<double> joules_per_unit(const journal::Trial& trial) {
  if (trial.evaluations.empty() || trial.resource <= 0) return {};
  const auto used = trial::total(trial.evaluations.back().energy);
  if (!used) return {};
  return used->value / trial.resource;
}

}  // namespace

Reservation::Reservation(const journal::StudyState& before) {
  for (const auto& [id, trial] : before.trials | std::views::reverse) {
    if (latest_.size() == kLatest) break;
    if (const auto one = joules_per_unit(trial)) latest_.push_front(*one);
  }
}

void Reservation::see(const trial::EventBody& event, const journal::StudyState& after) {
  if (const auto* launched = std::get_if<trial::Launched>(&event)) {
    reserve(after.trials.at(launched->trial));
  } else if (const auto* evaluated = std::get_if<trial::Evaluated>(&event)) {
    const journal::Trial& trial = after.trials.at(evaluated->trial);
    learn(trial);
    if (running_.contains(trial.id)) reserve(trial);
  } else if (const auto* exited = std::get_if<trial::Exited>(&event)) {
    settle(exited->trial);
  }
}

base::Joules Reservation::total() const {
  if (left_ <= 0 || latest_.empty()) return base::Joules(joules_);
  const double usual =
      std::accumulate(latest_.begin(), latest_.end(), 0.0) / static_cast<double>(latest_.size());
  return base::Joules(joules_ + usual * left_);
}

void Reservation::learn(const journal::Trial& trial) {
  const auto one = joules_per_unit(trial);
  if (!one) return;
  latest_.push_back(*one);
  if (latest_.size() > kLatest) latest_.pop_front();
}

void Reservation::reserve(const journal::Trial& trial) {
  settle(trial.id);
  const Stretch stretch{std::max(0.0, trial.segments.back().train.until - trial.resource),
                        joules_per_unit(trial)};
  running_.emplace(trial.id, stretch);
  (stretch.joules_per_unit ? joules_ : left_) += stretch.left * stretch.joules_per_unit.value_or(1);
}

// With the last of them goes what rounding has left.
void Reservation::settle(trial::TrialId trial) {
  const auto found = running_.find(trial);
  if (found == running_.end()) return;
  const Stretch stretch = found->second;
  running_.erase(found);
  (stretch.joules_per_unit ? joules_ : left_) -= stretch.left * stretch.joules_per_unit.value_or(1);
  if (running_.empty()) joules_ = left_ = 0;
}

}  // namespace sm2::study
