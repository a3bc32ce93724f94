#include "dashboard/history.h"

#include "dashboard/curves.h"
#include "dashboard/raw_json.h"
#include "dashboard/readings.h"
#include "report/json.h"
#include "report/stretches.h"

namespace sm2::dashboard {
namespace {

using journal::Trial;

std::string checkpoint_json(const Trial& trial) {
  if (!trial.checkpoint) return "null";
  return raw::object({{"name", raw::string(*trial.checkpoint)},
                      {"resource", raw::number(trial.checkpoint_resource)},
                      {"of", trial.checkpoint_of ? std::to_string(*trial.checkpoint_of) : "null"}});
}

// Those that the trial announced itself, the latest first.
std::string checkpoints_json(const report::Checkpoints::OfTrial& announced) {
  raw::Column latest;
  for (auto one = announced.latest.rbegin(); one != announced.latest.rend(); ++one)
    latest.add_raw(raw::object({{"name", raw::string(one->name)}, {"resource", raw::number(one->resource)}}));
  return raw::object({{"all", std::to_string(announced.all)}, {"latest", latest.json()}});
}

std::string stretches_json(const Trial& trial) {
  const auto spent = report::stretches(trial);
  raw::Column all;
  for (std::size_t at = 0; at < trial.segments.size(); ++at) {
    const journal::Segment& segment = trial.segments[at];
    const report::Spent used = at < spent.size() ? spent[at].spent : report::used(trial);
    all.add_raw(raw::object(
        {{"rung", std::to_string(segment.train.rung)},
         {"until", raw::number(segment.train.until)},
         {"settings", raw::string(trial::describe(segment.train))},
         {"joules", raw::number(used.joules)},
         {"joules_error", used.joules ? raw::number(used.error) : "null"},
         {"outcome", segment.outcome ? raw::string(trial::describe(*segment.outcome)) : "null"}}));
  }
  return all.json();
}

std::string command_json(const report::Study& study, const Trial& trial) {
  raw::Column words;
  for (const std::string& word : report::command(study.spec, trial)) words.add_text(word);
  return words.json();
}

std::string metric_json(const config::Metric& metric) {
  return raw::object({{"name", raw::string(metric.name)},
                      {"goal", raw::string(metric.goal == config::Goal::kMaximize ? "maximize" : "minimize")},
                      {"target", raw::number(metric.target)}});
}

// The trials before and after it, by number.
std::string neighbours_json(const journal::StudyState& state, const Trial& trial) {
  const auto after = state.trials.after(trial.id);
  const auto here = state.trials.find(trial.id);
  return raw::object(
      {{"before", here == state.trials.begin() ? "null" : std::to_string(std::prev(here)->first)},
       {"after", after == state.trials.end() ? "null" : std::to_string(after->first)}});
}

}  // namespace

std::string history_json(const Folded& folded, const Trial& trial) {
  const report::Study& study = folded.study;
  return raw::object({{"events", std::to_string(study.state.events)},
                      {"study", raw::string(study.name)},
                      {"study_state", raw::string(folded.state())},
                      {"winner", raw::truth(study.state.winner == trial.id)},
                      {"trial", report::trial_json(study, trial)},
                      {"metric", metric_json(study.spec.metric)},
                      {"unit", raw::string(study.spec.resource.unit)},
                      {"settings", raw::string(report::settings(trial))},
                      {"provenance", raw::string(report::provenance(trial.energy))},
                      {"command", command_json(study, trial)},
                      {"command_line", raw::string(report::command_line(study.spec, trial))},
                      {"checkpoint", checkpoint_json(trial)},
                      {"checkpoints", checkpoints_json(folded.checkpoints.of(trial.id))},
                      {"stretches", stretches_json(trial)},
                      {"domains", readings_json(trial.energy)},
                      {"neighbours", neighbours_json(study.state, trial)},
                      {"evaluations", evaluations_json(study.spec, trial, kMostEvaluations)}});
}

}  // namespace sm2::dashboard
