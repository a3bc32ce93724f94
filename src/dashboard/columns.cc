#include "dashboard/columns.h"

#include <algorithm>

#include "dashboard/raw_json.h"
#include "dashboard/selection.h"
#include "report/fate.h"
#include "report/reason.h"

namespace sm2::dashboard {
namespace {

using report::Study;
using Trials = std::vector<const journal::Trial*>;

Trials by_number(const Study& study, std::size_t most) {
  Trials trials;
  if (study.state.trials.size() <= most) {
    for (const auto& [id, trial] : study.state.trials) trials.push_back(&trial);
    return trials;
  }
  const auto summary = report::summarize(study.spec, study.state, study.tuner_alive);
  trials = selection(report::best_first(study, summary), most);
  std::ranges::sort(trials, {}, &journal::Trial::id);
  return trials;
}

// Numbers as such, other values as text; null where a trial does not have the parameter.
std::string values(const std::string& parameter, const Trials& trials) {
  raw::Column column;
  for (const journal::Trial* trial : trials) {
    const auto value = trial->configuration.find(parameter);
    if (value == trial->configuration.end()) {
      column.add({});
    } else if (space::is_number(value->second)) {
      column.add(space::as_number(value->second));
    } else {
      column.add_text(space::to_text(value->second));
    }
  }
  return column.json();
}

}  // namespace

std::string columns_json(const Folded& folded, std::size_t most) {
  const Study& study = folded.study;
  const Trials trials = by_number(study, most);
  raw::Column id, metric, joules, error, rung, resource, seconds, reason;
  raw::Words state, quality;
  for (const journal::Trial* trial : trials) {
    const report::Spent spent = report::used(*trial);
    id.add_raw(std::to_string(trial->id));
    state.add(report::trial_state(*trial, study.tuner_alive));
    metric.add(report::metric(study.spec, *trial));
    joules.add_raw(raw::number(spent.joules));
    error.add_raw(spent.joules ? raw::number(spent.error) : "null");
    quality.add(trial->energy.empty() ? "" : trial::name(trial::worst(trial->energy)));
    rung.add_raw(std::to_string(trial->rung()));
    resource.add(trial->evaluations.empty() ? std::nullopt : std::optional(trial->resource));
    seconds.add(trial->seconds.value > 0 ? std::optional(trial->seconds.value) : std::nullopt);
    reason.add_text(report::reason(study, *trial));
  }
  std::vector<std::pair<std::string, std::string>> params;
  for (const space::Parameter& parameter : study.spec.space.parameters())
    params.emplace_back(parameter.name, values(parameter.name, trials));
  return raw::object({{"events", std::to_string(study.state.events)},
                      {"all", std::to_string(study.state.trials.size())},
                      {"trial", id.json()},
                      {"state", state.json()},
                      {"metric", metric.json()},
                      {"joules", joules.json()},
                      {"joules_error", error.json()},
                      {"quality", quality.json()},
                      {"rung", rung.json()},
                      {"resource", resource.json()},
                      {"seconds", seconds.json()},
                      {"reason", reason.json()},
                      {"params", raw::object(params)}});
}

}  // namespace sm2::dashboard
