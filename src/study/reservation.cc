#include "study/reservation.h"

#include <algorithm>
#include <ranges>

namespace sm2::study {
namespace {

constexpr int kLatest = 16;

std::optional<double> joules_per_unit(const journal::Trial& trial) {
  if (trial.evaluations.empty() || trial.resource <= 0) return {};
  const auto used = trial::total(trial.evaluations.back().energy);
  if (!used) return {};
  return used->value / trial.resource;
}

std::optional<double> usual_joules_per_unit(const journal::StudyState& state) {
  double sum = 0;
  int known = 0;
  for (const auto& [id, trial] : state.trials | std::views::reverse) {
    if (const auto one = joules_per_unit(trial)) sum += *one, ++known;
    if (known == kLatest) break;
  }
  if (known == 0) return {};
  return sum / known;
}

}  // namespace

base::Joules reserved(const journal::StudyState& state, const std::vector<trial::TrialId>& running) {
  const auto usual = usual_joules_per_unit(state);
  base::Joules all;
  for (const trial::TrialId id : running) {
    const journal::Trial& trial = state.trials.at(id);
    const auto each = joules_per_unit(trial);
    const double left = std::max(0.0, trial.segments.back().train.until - trial.resource);
    all += base::Joules(each.value_or(usual.value_or(0)) * left);
  }
  return all;
}

}  // namespace sm2::study
