#include "report/answers.h"

#include <fmt/format.h>

#include "base/units.h"
#include "report/figures.h"
#include "report/reason.h"

namespace sm2::report {

std::string no_best_text(const Summary& summary) {
  if (summary.trials.all() == 0) return "No trial has begun.";
  return summary.trials.failed == summary.trials.all()
             ? fmt::format("No usable trial: all {} failed.", summary.trials.failed)
             : "No trial has reported a usable metric yet.";
}

std::string standing_text(const Summary& summary) {
  return summary.decided ? fmt::format("Trial {} is the winner", *summary.best)
                         : fmt::format("Undecided; the best so far is trial {}", *summary.best);
}

std::string verdict_text(const Study& study, const Summary& summary) {
  if (!summary.best) return no_best_text(summary);
  const journal::Trial& trial = study.state.trials.at(*summary.best);
  return fmt::format("{}: {} {} after {}.", standing_text(summary), study.spec.metric.name,
                     metric_text(metric(study.spec, trial)),
                     resource_text(trial.resource, study.spec.resource.unit));
}

std::string total_cost_text(const Study& study, const Summary& summary) {
  if (summary.trials.all() == 0) return "nothing was spent yet";
  if (summary.unknown == summary.trials.all()) {
    const std::string why = trial::note(summary.energy);
    return "unknown" + (why.empty() ? "" : ": " + why);
  }
  const bool whole = summary.unknown == 0;
  std::string all = fmt::format("{}{} ({})", whole ? "" : "at least ",
                                text(whole ? summary.total : summary.known), provenance(summary.energy));
  if (!whole)
    all += fmt::format("; the energy of {} of {} trials is unknown", summary.unknown, summary.trials.all());
  if (study.spec.budget.energy && whole)
    all +=
        fmt::format(", {} of the budget of {}", share_text(*summary.total.joules / *study.spec.budget.energy),
                    base::format(*study.spec.budget.energy));
  return all + " in " + base::format(study.state.active);
}

std::string dropped_text(const Summary& summary) {
  const Counts& trials = summary.trials;
  if (trials.stopped + trials.failed == 0) return "";
  return fmt::format("{} of {} trials dropped{}", trials.stopped, trials.all(),
                     trials.failed > 0 ? fmt::format(", {} failed", trials.failed) : "");
}

std::vector<const journal::Trial*> left_behind(const Study& study, const Summary& summary) {
  std::vector<const journal::Trial*> trials = best_first(study, summary);
  std::erase_if(trials, [&](const journal::Trial* trial) {
    const Fate what = fate(*trial, summary);
    return what != Fate::kDropped && what != Fate::kFailed;
  });
  return trials;
}

std::string why_text(const Study& study, const journal::Trial& trial) {
  const std::string why = reason(study, trial);
  return why.empty() ? "no reason was recorded" : why;
}

}  // namespace sm2::report
