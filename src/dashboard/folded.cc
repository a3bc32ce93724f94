#include "dashboard/folded.h"

#include <algorithm>

#include "base/match.h"
#include "config/study_file.h"
#include "report/charges.h"
#include "report/json.h"

namespace sm2::dashboard {
namespace {

std::optional<trial::TrialId> trial_of(const trial::Decision& decision) {
  return std::visit(base::Match{[](const trial::Train& train) { return std::optional(train.trial); },
                                [](const trial::Drop& drop) { return std::optional(drop.trial); },
                                [](const auto&) { return std::optional<trial::TrialId>(); }},
                    decision);
}

std::optional<trial::TrialId> trial_of(const trial::EventBody& body) {
  return std::visit(base::Match{[](const trial::Decided& decided) { return trial_of(decided.decision); },
                                [](const trial::Created&) { return std::optional<trial::TrialId>(); },
                                [](const trial::Opened&) { return std::optional<trial::TrialId>(); },
                                [](const trial::Closed&) { return std::optional<trial::TrialId>(); },
                                [](const auto& of_a_trial) { return std::optional(of_a_trial.trial); }},
                    body);
}

}  // namespace

base::Result<> Folded::read_on(const journal::Journal& journal, const std::string& store) {
  const auto apply = [&](const trial::Event& event) -> base::Result<> {
    study.state.apply(event);
    if (std::holds_alternative<trial::Created>(event.body))
      (void)read_spec(store);  // what is wrong is said below
    course.tell(event, study.spec.metric, study.state);
    power.tell(event, study.state);
    checkpoints.tell(event);
    if (const auto trial = trial_of(event.body)) changed_[*trial] = study.state.events;
    return {};
  };
  if (auto visited = journal.visit_from(study.state.events + 1, apply); !visited) return visited;
  return read_spec(store);
}

base::Result<> Folded::read_spec(const std::string& store) {
  if (study.spec.text == study.state.file) return {};
  auto spec = config::parse_study(study.state.file, fmt::format("study '{}' in {}", study.name, store));
  if (!spec) return tl::unexpected(spec.error());
  study.spec = *std::move(spec);
  return {};
}

std::vector<std::pair<std::size_t, trial::TrialId>> Folded::changed_after(std::size_t after) const {
  std::vector<std::pair<std::size_t, trial::TrialId>> all;
  for (const auto& [trial, event] : changed_) {
    if (event > after) all.emplace_back(event, trial);
  }
  std::ranges::sort(all);
  return all;
}

std::string Folded::tag() const {
  return fmt::format("{}.{}.{:.6f}", study.state.events, state(), study.state.created.value);
}

bool ended(const journal::StudyState& state) { return state.closed && state.closed != "paused"; }

Row row_of(const Folded& folded) {
  const report::Study& study = folded.study;
  Row row;
  row.study = study.name;
  row.state = folded.state();
  row.ended = ended(study.state);
  row.tuner_alive = study.tuner_alive;
  row.summary = report::summarize(study.spec, study.state, study.tuner_alive);
  row.metric = study.spec.metric.name;
  row.maximize = study.spec.metric.goal == config::Goal::kMaximize;
  if (row.summary.best) row.best = report::metric(study.spec, study.state.trials.at(*row.summary.best));
  row.carbon_grams = report::carbon(study.state, study.state.footprint, row.summary.total.joules);
  row.created = study.state.created;
  row.active = study.state.active;
  row.last_event = study.state.last_event;
  row.events = study.state.events;
  row.json = report::list_entry_json(study);
  return row;
}

}  // namespace sm2::dashboard
