#include "report/json.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "report/charges.h"
#include "report/front.h"
#include "report/hardware.h"
#include "report/reason.h"
#include "report/summary.h"

namespace sm2::report {
namespace {

using Json = nlohmann::ordered_json;

Json number(std::optional<double> value) {
  return value && std::isfinite(*value) ? Json(*value) : Json(nullptr);
}
Json number(std::optional<base::Joules> joules) { return joules ? number(joules->value) : Json(nullptr); }
Json number(std::optional<base::Seconds> time) { return time ? number(time->value) : Json(nullptr); }
Json error(const Spent& spent) { return spent.joules ? number(spent.error.value) : Json(nullptr); }
Json quality(const trial::Energy& energy) {
  return energy.empty() ? Json(nullptr) : Json(trial::name(trial::worst(energy)));
}

Json sources(const trial::Energy& energy) {
  std::set<std::string> names;
  for (const trial::Reading& reading : energy) names.insert(reading.source);
  return names;
}

Json carbon_json(const Study& study, const journal::Footprint& footprint, const Spent& spent) {
  return number(carbon(study.state, footprint, spent.joules));
}

Json cost_json(const std::optional<footprint::Cost>& cost) {
  if (!cost) return nullptr;
  return {{"amount", number(cost->amount)}, {"currency", cost->currency}};
}

Json cost_json(const Study& study, const journal::Footprint& footprint, const Spent& spent) {
  return cost_json(cost(study.state, footprint, spent.joules));
}

// What the winner cost, or nothing until there is one.
Json winner_carbon(const Study& study, const Summary& summary) {
  return summary.decided ? carbon_json(study, study.state.trials.at(*summary.best).footprint, summary.winner)
                         : Json(nullptr);
}

Json grid_json(const std::optional<footprint::Grid>& grid) {
  if (!grid) return nullptr;
  return {{"grams_per_kwh", number(grid->grams_per_kwh)}, {"origin", grid->origin}};
}

Json price_json(const std::optional<footprint::Price>& price) {
  if (!price) return nullptr;
  return {{"per_kwh", number(price->per_kwh)}, {"currency", price->currency}};
}

// Bytes that are not UTF-8 become U+FFFD; ASCII only, so that no terminal can be made to obey a name.
std::string dump(const Json& json) { return json.dump(-1, ' ', true, Json::error_handler_t::replace); }

Json counts(const Counts& trials) {
  return {{"running", trials.running},   {"interrupted", trials.interrupted}, {"paused", trials.paused},
          {"finished", trials.finished}, {"stopped", trials.stopped},         {"failed", trials.failed}};
}

const char* goal(const config::Metric& metric) {
  return metric.goal == config::Goal::kMaximize ? "maximize" : "minimize";
}

Json best_metric(const Study& study, const Summary& summary) {
  return summary.best ? number(metric(study.spec, study.state.trials.at(*summary.best))) : Json(nullptr);
}

Json list_entry(const Study& study) {
  const Summary summary = summarize(study.spec, study.state, study.tuner_alive);
  return {{"study", study.name},
          {"state", study_state(study.state, study.tuner_alive)},
          {"trials", summary.trials.all()},
          {"best", summary.best ? Json(*summary.best) : Json(nullptr)},
          {"metric", best_metric(study, summary)},
          {"metric_name", study.spec.metric.name},
          {"goal", goal(study.spec.metric)},
          {"joules", number(summary.total.joules)},
          {"joules_error", error(summary.total)},
          {"quality", quality(summary.energy)},
          {"sources", sources(summary.energy)},
          {"carbon_grams", carbon_json(study, study.state.footprint, summary.total)},
          {"cost", cost_json(study, study.state.footprint, summary.total)},
          {"created", number(study.state.created)}};
}

// Null where a trial used what there was.
Json devices_json(const std::optional<trial::Devices>& devices) {
  if (!devices) return nullptr;
  Json all = Json::array();
  for (const trial::Device& device : *devices) all.push_back({{"name", device.name}, {"id", device.id}});
  return all;
}

Json trial_object(const Study& study, const journal::Trial& trial) {
  const Spent spent = used(trial);
  return {
      {"trial", trial.id},
      {"state", trial_state(trial, study.tuner_alive)},
      {"params", space::to_json(trial.configuration)},
      {"metric", number(metric(study.spec, trial))},
      {"joules", number(spent.joules)},
      {"joules_error", error(spent)},
      {"quality", quality(trial.energy)},
      {"carbon_grams", carbon_json(study, trial.footprint, spent)},
      {"cost", cost_json(study, trial.footprint, spent)},
      {"rung", trial.rung()},
      {"resource", trial.evaluations.empty() ? Json(nullptr) : number(trial.resource)},
      {"seconds", trial.energy.empty() && trial.seconds.value == 0 ? Json(nullptr) : number(trial.seconds)},
      {"evaluations", trial.evaluations.size()},
      {"devices", devices_json(trial.devices)},
      {"hardware", hardware(study.state, trial)},
      {"reason", reason(study, trial)},
      {"wish", trial.wish ? Json(trial::name(*trial.wish)) : Json(nullptr)},
      {"note", trial.note}};
}

}  // namespace

std::string list_json(const std::vector<Study>& studies) {
  Json entries = Json::array();
  for (const Study& study : studies) entries.push_back(list_entry(study));
  return dump({{"studies", std::move(entries)}});
}

std::string list_entry_json(const Study& study) { return dump(list_entry(study)); }

std::string show_json(const Study& study) {
  const Summary summary = summarize(study.spec, study.state, study.tuner_alive);
  const config::Metric& metric = study.spec.metric;
  const config::Budget& budget = study.spec.budget;
  const objective::Weights& weights = study.spec.options.weights;
  return dump({{"study", study.name},
               {"state", study_state(study.state, study.tuner_alive)},
               {"reason", closed_reason(study.state, study.tuner_alive)},
               {"trials", counts(summary.trials)},
               {"joules",
                {{"total", number(summary.total.joules)},
                 {"dropped", number(summary.dropped.joules)},
                 {"winner", number(summary.winner.joules)},
                 {"exploring", number(summary.exploring.joules)},
                 {"training", number(summary.training.joules)}}},
               {"joules_error",
                {{"total", error(summary.total)},
                 {"dropped", error(summary.dropped)},
                 {"winner", error(summary.winner)},
                 {"exploring", error(summary.exploring)},
                 {"training", error(summary.training)}}},
               {"dropped_share", number(summary.dropped_share)},
               {"quality", quality(summary.energy)},
               {"sources", sources(summary.energy)},
               {"carbon_grams",
                {{"total", carbon_json(study, study.state.footprint, summary.total)},
                 {"dropped", carbon_json(study, summary.dropped_footprint, summary.dropped)},
                 {"winner", winner_carbon(study, summary)}}},
               {"cost", cost_json(study, study.state.footprint, summary.total)},
               {"grid", grid_json(study.state.grid)},
               {"price", price_json(study.state.price)},
               {"seconds", number(study.state.active)},
               {"best", summary.best ? Json(*summary.best) : Json(nullptr)},
               {"winner", study.state.winner ? Json(*study.state.winner) : Json(nullptr)},
               {"metric",
                {{"name", metric.name},
                 {"goal", goal(metric)},
                 {"target", number(metric.target)},
                 {"best", best_metric(study, summary)}}},
               {"budget",
                {{"joules", number(budget.energy)},
                 {"seconds", number(budget.time)},
                 {"trials", budget.trials ? Json(*budget.trials) : Json(nullptr)},
                 {"carbon_grams", number(budget.carbon)},
                 {"cost", cost_json(budget.cost)}}},
               {"strategy",
                {{"name", study.spec.strategy},
                 {"seed", study.spec.options.seed},
                 {"energy", weights.energy},
                 {"stability", weights.stability}}},
               {"version", study.state.version},
               {"host", study.state.host},
               {"hardware", study.state.hardware},
               {"created", number(study.state.created)}});
}

std::string trial_json(const Study& study, const journal::Trial& trial) {
  return dump(trial_object(study, trial));
}

std::string best_json(const Study& study) {
  const Summary summary = summarize(study.spec, study.state, study.tuner_alive);
  if (!summary.best) return "";
  const journal::Trial& trial = study.state.trials.at(*summary.best);
  const Spent spent = used(trial);
  return dump({{"study", study.name},
               {"trial", trial.id},
               {"params", space::to_json(trial.configuration)},
               {"metric", number(metric(study.spec, trial))},
               {"joules", number(spent.joules)},
               {"joules_error", error(spent)},
               {"quality", quality(trial.energy)},
               {"carbon_grams", carbon_json(study, trial.footprint, spent)},
               {"cost", cost_json(study, trial.footprint, spent)},
               {"command", command(study.spec, trial)},
               {"command_line", command_line(study.spec, trial)},
               {"hardware", hardware(study.state, trial)},
               {"compared_on", compared_on(study.state) ? Json(*compared_on(study.state)) : Json(nullptr)},
               {"decided", summary.decided},
               {"resource", number(trial.resource)},
               {"unit", study.spec.resource.unit},
               {"rung", trial.rung()},
               {"state", trial_state(trial, study.tuner_alive)}});
}

std::string front_json(const Study& study) {
  const Front front = report::front(study);
  if (front.members.empty()) return "";
  Json members = Json::array();
  for (const trial::TrialId id : front.members) {
    const journal::Trial& trial = study.state.trials.at(id);
    Json member = trial_object(study, trial);
    member["sources"] = sources(trial.energy);
    member["command"] = command(study.spec, trial);
    member["command_line"] = command_line(study.spec, trial);
    members.push_back(std::move(member));
  }
  const config::Metric& metric = study.spec.metric;
  return dump({{"study", study.name},
               {"metric", {{"name", metric.name}, {"goal", goal(metric)}}},
               {"unit", study.spec.resource.unit},
               {"front", std::move(members)},
               {"placed", front.placed},
               {"unknown", front.unknown},
               {"reference",
                {{"metric", number(front.reference_metric)}, {"joules", number(front.reference_energy)}}},
               {"hypervolume", number(front.hypervolume)}});
}

}  // namespace sm2::report
