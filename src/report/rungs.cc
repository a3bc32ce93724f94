#include "report/rungs.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "report/stretches.h"
#include "report/summary.h"

namespace sm2::report {
namespace {

using journal::Trial;
using journal::TrialState;

int& place_of(Rung& rung, const Trial& trial) {
  if (trial.rung() > rung.rung) return rung.promoted;
  switch (trial.state) {
    case TrialState::kRunning:
      return rung.running;
    case TrialState::kPaused:
      return rung.waiting;
    case TrialState::kFinished:
      return rung.finished;
    case TrialState::kStopped:
      return rung.dropped;
    case TrialState::kFailed:
      return rung.failed;
  }
  return rung.failed;
}

// Of the evaluations that lie in it the last one's metric.
void rate(const Study& study, const Trial& trial, double until, Rung& rung) {
  const auto after = std::ranges::upper_bound(trial.evaluations, until, {}, &trial::Evaluation::resource);
  if (after == trial.evaluations.begin()) return;
  const auto value = metric(study.spec, *std::prev(after));
  if (!value || !std::isfinite(*value)) return;
  const auto& goal = study.spec.metric;
  if (rung.best && config::oriented(goal, *value) <= config::oriented(goal, *rung.best)) return;
  rung.best = value;
  rung.best_trial = trial.id;
}

}  // namespace

std::vector<Rung> rungs(const Study& study) {
  std::map<int, Rung> all;
  for (const auto& [id, trial] : study.state.trials) {
    const auto spent = stretches(trial);
    std::map<int, double> reached;
    for (std::size_t at = 0; at < trial.segments.size(); ++at) {
      const trial::Train& train = trial.segments[at].train;
      const auto [place, is_new] = all.try_emplace(train.rung);
      Rung& rung = place->second;
      if (is_new) rung.spent = {base::Joules(0), base::Joules(0)};
      rung.rung = train.rung;
      rung.until = std::max(rung.until, train.until);
      rung.spent = rung.spent + (at < spent.size() ? spent[at].spent : used(trial));
      reached[train.rung] = std::max(reached[train.rung], train.until);
    }
    for (const auto& [number, until] : reached) {
      Rung& rung = all[number];
      ++rung.trained;
      ++place_of(rung, trial);
      rate(study, trial, until, rung);
    }
  }
  std::vector<Rung> ordered;
  for (auto& [number, rung] : all) ordered.push_back(rung);
  return ordered;
}

}  // namespace sm2::report
