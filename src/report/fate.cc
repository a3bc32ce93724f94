#include "report/fate.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace sm2::report {

Fate fate(const journal::Trial& trial, const Summary& summary) {
  if (summary.best == trial.id) return summary.decided ? Fate::kWinner : Fate::kBest;
  switch (trial.state) {
    case journal::TrialState::kFinished:
      return Fate::kFinished;
    case journal::TrialState::kStopped:
      return Fate::kDropped;
    case journal::TrialState::kFailed:
      return Fate::kFailed;
    case journal::TrialState::kRunning:
    case journal::TrialState::kPaused:
      return Fate::kWaiting;
  }
  return Fate::kWaiting;
}

std::string state_words(const Study& study, const journal::Trial& trial, Fate fate) {
  if (fate == Fate::kWinner) return "winner";
  const std::string state(fate == Fate::kDropped ? "dropped" : trial_state(trial, study.tuner_alive));
  return fate == Fate::kBest ? "best so far, " + state : state;
}

std::vector<const journal::Trial*> best_first(const Study& study, const Summary& summary) {
  using Rank = std::tuple<bool, bool, double, int>;
  std::vector<std::pair<Rank, const journal::Trial*>> ranked;
  for (const auto& [id, trial] : study.state.trials) {
    const auto value = metric(study.spec, trial);
    const bool usable = value && std::isfinite(*value) && journal::eligible(trial);
    const double order = usable ? -config::oriented(study.spec.metric, *value) : 0;
    ranked.push_back({{summary.best != id, !usable, order, id}, &trial});
  }
  std::ranges::sort(ranked);
  std::vector<const journal::Trial*> trials;
  for (const auto& [rank, trial] : ranked) trials.push_back(trial);
  return trials;
}

}  // namespace sm2::report
