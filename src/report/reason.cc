#include "report/reason.h"

#include <fmt/format.h>

#include "report/figures.h"
#include "report/summary.h"

namespace sm2::report {
namespace {

std::string place(const Study& study, const journal::Trial& trial) {
  return resource_text(trial.resource, study.spec.resource.unit);
}

std::string left(const Study& study, const journal::Trial& trial) {
  const std::string& name = study.spec.metric.name;
  if (trial.evaluations.empty())
    return fmt::format("left when the study finished, before it had reported {}", name);
  const std::string where = fmt::format("left at {} with {} {} when the study finished", place(study, trial),
                                        name, metric_text(metric(study.spec, trial)));
  const auto winner =
      study.state.winner ? study.state.trials.find(*study.state.winner) : study.state.trials.end();
  if (winner == study.state.trials.end()) return where + " without a winner";
  return fmt::format("{}: trial {}, the winner, has {} at {}", where, winner->first,
                     metric_text(metric(study.spec, winner->second)), place(study, winner->second));
}

}  // namespace

std::string reason(const Study& study, const journal::Trial& trial) {
  if (trial_state(trial, study.tuner_alive) == "paused" && trial.wish == trial::Wish::kPause)
    return "paused by the user, who may resume it";
  const bool finished = study.state.closed == "finished" && trial.state == journal::TrialState::kStopped;
  return trial.reason.empty() && finished ? left(study, trial) : trial.reason;
}

}  // namespace sm2::report
