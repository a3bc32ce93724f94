#include "report/html/words.h"
#include "report/summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "report/html/escape.h"

namespace sm2::report::html {

std::string figure(const std::string& text) {
  std::string escaped = escape(text);
  if (const auto at = escaped.find(" +- "); at != std::string::npos) escaped.replace(at, 4, "&nbsp;±&nbsp;");
  return escaped;
}

std::string figure(const Spent& spent) { return figure(text(spent)); }

std::string trial_name(trial::TrialId id) { return fmt::format("trial {}", id); }

std::string configuration(const journal::Trial& trial) { return escape(settings(trial)); }

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

std::string css_class(Fate fate) {
  switch (fate) {
    case Fate::kWinner:
    case Fate::kBest:
      return "winner";
    case Fate::kFinished:
      return "finished";
    case Fate::kDropped:
      return "dropped";
    case Fate::kFailed:
      return "failed";
    case Fate::kWaiting:
      return "waiting";
  }
  return "waiting";
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
    const bool usable = value && std::isfinite(*value) && trial.state != journal::TrialState::kFailed;
    const double order = usable ? -config::oriented(study.spec.metric, *value) : 0;
    ranked.push_back({{summary.best != id, !usable, order, id}, &trial});
  }
  std::ranges::sort(ranked);
  std::vector<const journal::Trial*> trials;
  for (const auto& [rank, trial] : ranked) trials.push_back(trial);
  return trials;
}

}  // namespace sm2::report::html
