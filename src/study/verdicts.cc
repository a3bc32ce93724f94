#include "study/verdicts.h"

#include <algorithm>
#include <cmath>

namespace sm2::study {

void Verdicts::see(const trial::EventBody& event, const journal::StudyState& after) {
  if (const auto* evaluated = std::get_if<trial::Evaluated>(&event))
    judge(*evaluated, after.trials.at(evaluated->trial));
  const auto* exited = std::get_if<trial::Exited>(&event);
  if (exited && !std::holds_alternative<trial::Interrupted>(exited->stretch.outcome))
    standing_.erase(exited->trial);
}

void Verdicts::judge(const trial::Evaluated& evaluated, const journal::Trial& trial) {
  const double value = evaluated.evaluation.metrics.at(spec_.metric.name);
  if (config::reaches_target(spec_.metric, value)) on_target_.push_back(trial.id);
  if (standing_.contains(trial.id) || trial.segments.empty()) return;
  const trial::Evaluation& evaluation = evaluated.evaluation;
  const double metric = evaluation.metrics.at(spec_.metric.name);
  const bool last = evaluation.resource >= trial.segments.back().train.until - kResourceSlack;
  if (last || !std::isfinite(metric) || config::reaches_target(spec_.metric, metric)) return;
  trial::Stretch so_far{trial::Interrupted{},
                        std::max(trial.resource, trial.checkpoint_resource),
                        config::oriented(spec_.metric, metric),
                        evaluation.energy,
                        evaluation.seconds,
                        evaluation.progress};
  strategy::Verdict verdict = strategy_.judge(trial.id, comparable_.told(trial.id, std::move(so_far)));
  if (verdict.action != trial::Action::kContinue) standing_.emplace(trial.id, std::move(verdict));
}

const strategy::Verdict* Verdicts::of(trial::TrialId trial) const {
  const auto found = standing_.find(trial);
  return found == standing_.end() ? nullptr : &found->second;
}

}  // namespace sm2::study
