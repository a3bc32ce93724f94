#include "dashboard/overview.h"

#include <algorithm>

#include "base/match.h"
#include "dashboard/raw_json.h"
#include "dashboard/readings.h"
#include "report/charges.h"
#include "report/front.h"
#include "report/hardware.h"
#include "report/html/words.h"
#include "report/importance.h"
#include "report/json.h"
#include "report/rungs.h"

namespace sm2::dashboard {
namespace {

using report::Study;
using report::Summary;

std::string integer(std::size_t value) { return std::to_string(value); }
std::string integer(int value) { return std::to_string(value); }

std::string bounds(const auto& domain) {
  return raw::object({{"kind", raw::string("number")},
                      {"low", raw::number(static_cast<double>(domain.low))},
                      {"high", raw::number(static_cast<double>(domain.high))},
                      {"log", raw::truth(domain.scale == space::Scale::kLog)}});
}

std::string choices(const space::Categorical& domain) {
  raw::Column values;
  for (const space::Value& value : domain.values) values.add_raw(raw::string(space::to_text(value)));
  return raw::object({{"kind", raw::string("choice")}, {"values", values.json()}});
}

std::string parameters_json(const space::Space& space) {
  raw::Column all;
  for (const space::Parameter& parameter : space.parameters()) {
    const std::string domain =
        std::visit(base::Match{[](const space::Categorical& categorical) { return choices(categorical); },
                               [](const auto& numeric) { return bounds(numeric); }},
                   parameter.domain);
    all.add_raw(raw::object({{"name", raw::string(parameter.name)}, {"domain", domain}}));
  }
  return all.json();
}

std::string dropped_json(const Study& study, const Summary& summary) {
  raw::Column named;
  std::size_t count = 0;
  for (const journal::Trial* trial : report::best_first(study, summary)) {
    const auto fate = report::fate(*trial, summary);
    if (fate != report::Fate::kDropped && fate != report::Fate::kFailed) continue;
    if (++count <= kMostNamed) named.add_raw(report::trial_json(study, *trial));
  }
  return raw::object({{"all", integer(count)}, {"trials", named.json()}});
}

std::string rungs_json(const Study& study) {
  raw::Column all;
  for (const report::Rung& rung : report::rungs(study)) {
    all.add_raw(raw::object({{"rung", integer(rung.rung)},
                             {"until", raw::number(rung.until)},
                             {"trained", integer(rung.trained)},
                             {"promoted", integer(rung.promoted)},
                             {"finished", integer(rung.finished)},
                             {"dropped", integer(rung.dropped)},
                             {"failed", integer(rung.failed)},
                             {"waiting", integer(rung.waiting)},
                             {"running", integer(rung.running)},
                             {"joules", raw::number(rung.spent.joules)},
                             {"metric", raw::number(rung.best)},
                             {"best", rung.best_trial ? integer(*rung.best_trial) : "null"}}));
  }
  return all.json();
}

std::string course_json(const report::Course& course) {
  raw::Column best_joules, best_seconds, metric, trial, spent_joules, spent_seconds;
  for (const auto& best : course.best()) {
    best_joules.add(best.spent.joules.value);
    best_seconds.add(best.spent.active.value);
    metric.add(best.metric);
    trial.add_raw(integer(best.trial));
  }
  for (const auto& spent : course.spent()) {
    spent_joules.add(spent.joules.value);
    spent_seconds.add(spent.active.value);
  }
  return raw::object(
      {{"best", raw::object({{"joules", best_joules.json()},
                             {"seconds", best_seconds.json()},
                             {"metric", metric.json()},
                             {"trial", trial.json()}})},
       {"spent", raw::object({{"joules", spent_joules.json()}, {"seconds", spent_seconds.json()}})}});
}

std::string hardware_json(const journal::StudyState& state) {
  raw::Column kinds;
  for (const report::RanOn& on : report::ran_on(state)) {
    raw::Column ranges;
    for (std::size_t at = 0; at < std::min(on.ranges.size(), kMostRanges); ++at)
      ranges.add_raw(raw::array({integer(on.ranges[at].first), integer(on.ranges[at].second)}));
    kinds.add_raw(raw::object(
        {{"kind", raw::string(on.kind)}, {"trials", integer(on.trials)}, {"ranges", ranges.json()}}));
  }
  return kinds.json();
}

std::string power_json(const Folded& folded) {
  const auto now = folded.power.now();
  if (!folded.study.tuner_alive || now.trials == 0) return "null";
  raw::Column domains;
  for (const report::Drawn& drawn : now.domains) {
    domains.add_raw(raw::object({{"domain", raw::string(drawn.domain)},
                                 {"source", raw::string(drawn.source)},
                                 {"quality", raw::string(trial::name(drawn.quality))},
                                 {"watts", raw::number(drawn.power.value)}}));
  }
  return raw::object({{"watts", raw::number(now.total.value)},
                      {"whole", raw::truth(now.whole)},
                      {"over_seconds", raw::number(now.over.value)},
                      {"trials", integer(now.trials)},
                      {"last_heard", raw::number(now.last_heard.value - folded.study.state.created.value)},
                      {"domains", domains.json()}});
}

std::string members_json(const Study& study) {
  const report::Front front = report::front(study);
  raw::Column members;
  for (const trial::TrialId id : front.members) members.add_raw(integer(id));
  return raw::object({{"members", members.json()},
                      {"placed", integer(front.placed)},
                      {"unknown", integer(front.unknown.size())},
                      {"hypervolume", raw::number(front.hypervolume)}});
}

std::string importance_json(const Study& study) {
  const report::Importance found = report::importance(study);
  raw::Column shares;
  for (const report::Share& share : found.shares) {
    shares.add_raw(raw::object({{"parameter", raw::string(share.parameter)},
                                {"groups", integer(share.groups)},
                                {"metric", raw::number(share.of_metric)},
                                {"metric_beyond_chance", raw::truth(share.metric_beyond_chance)},
                                {"energy", raw::number(share.of_energy)},
                                {"energy_beyond_chance", raw::truth(share.energy_beyond_chance)}}));
  }
  return raw::object({{"method", raw::string("epsilon squared of Kruskal and Wallis")},
                      {"enough", raw::truth(found.enough)},
                      {"fewest", integer(report::kFewestTrials)},
                      {"trials", integer(found.trials)},
                      {"resource", raw::number(found.resource)},
                      {"shares", shares.json()}});
}

std::string charges_json(const journal::StudyState& state, const Summary& summary) {
  const auto charge = [](const std::string& figure, const std::string& rate) {
    if (figure.empty()) return std::string("null");
    return raw::object({{"figure", raw::string(figure)}, {"rate", raw::string(rate)}});
  };
  const auto joules = summary.total.joules;
  return raw::object({{"carbon", charge(report::carbon_text(state, joules), report::grid_text(state))},
                      {"cost", charge(report::cost_text(state, joules), report::price_text(state))}});
}

}  // namespace

std::string overview_json(const Folded& folded) {
  const Study& study = folded.study;
  const Summary summary = report::summarize(study.spec, study.state, study.tuner_alive);
  const std::string best = report::best_json(study);
  return raw::object({{"events", integer(study.state.events)},
                      {"study", report::show_json(study)},
                      {"unit", raw::string(study.spec.resource.unit)},
                      {"provenance", raw::string(report::provenance(summary.energy))},
                      {"unknown", integer(summary.unknown)},
                      {"known_joules", raw::number(summary.known.joules)},
                      {"note", raw::string(trial::note(summary.energy))},
                      {"charges", charges_json(study.state, summary)},
                      {"best", best.empty() ? "null" : best},
                      {"dropped", dropped_json(study, summary)},
                      {"domains", readings_json(summary.energy)},
                      {"hardware", hardware_json(study.state)},
                      {"power", power_json(folded)},
                      {"rungs", rungs_json(study)},
                      {"course", course_json(folded.course)},
                      {"front", members_json(study)},
                      {"importance", importance_json(study)},
                      {"parameters", parameters_json(study.spec.space)}});
}

}  // namespace sm2::dashboard
