#include "report/trials_export.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "report/csv_field.h"
#include "report/json.h"
#include "report/reason.h"
#include "report/summary.h"

namespace sm2::report {
namespace {

using Json = nlohmann::ordered_json;

std::string number_field(std::optional<double> value) { return value ? fmt::format("{}", *value) : ""; }

std::string value_field(const space::Value& value) {
  return space::is_number(value) ? space::to_text(value) : csv_text(space::to_text(value));
}

std::string row(const Study& study, const journal::Trial& trial) {
  const Spent spent = used(trial);
  std::string fields = fmt::format("{},{}", trial.id, trial_state(trial, study.tuner_alive));
  for (const space::Parameter& parameter : study.spec.space.parameters()) {
    const auto value = trial.configuration.find(parameter.name);
    fields += "," + (value == trial.configuration.end() ? "" : value_field(value->second));
  }
  fields += "," + number_field(metric(study.spec, trial));
  fields += "," + number_field(spent.joules ? std::optional(spent.joules->value) : std::nullopt);
  fields += "," + number_field(spent.joules ? std::optional(spent.error.value) : std::nullopt);
  fields += fmt::format(",{}", trial.energy.empty() ? "" : trial::name(trial::worst(trial.energy)));
  fields +=
      fmt::format(",{},{},{},{}", trial.rung(), trial.evaluations.empty() ? "" : number_field(trial.resource),
                  trial.energy.empty() && trial.seconds.value == 0 ? "" : number_field(trial.seconds.value),
                  trial.evaluations.size());
  return fields + "," + csv_text(reason(study, trial)) + "," + csv_text(trial.note) + "\r\n";
}

Json number(std::optional<double> value) {
  return value && std::isfinite(*value) ? Json(*value) : Json(nullptr);
}

Json evaluation_object(const trial::Evaluation& evaluation) {
  Json metrics = Json::object();
  for (const auto& [name, value] : evaluation.metrics) metrics[name] = number(value);
  const auto joules = trial::total(evaluation.energy);
  return {{"resource", number(evaluation.resource)},
          {"metrics", std::move(metrics)},
          {"joules", joules ? number(joules->value) : Json(nullptr)},
          {"seconds", number(evaluation.seconds.value)}};
}

Json trial_object(const Study& study, const journal::Trial& trial) {
  Json object = Json::parse(trial_json(study, trial));
  object["evaluations"] = Json::array();
  for (const trial::Evaluation& evaluation : trial.evaluations)
    object["evaluations"].push_back(evaluation_object(evaluation));
  return object;
}

std::string dump(const Json& json) { return json.dump(-1, ' ', true, Json::error_handler_t::replace); }

}  // namespace

std::string export_csv(const Study& study) {
  std::string all = "trial,state";
  for (const space::Parameter& parameter : study.spec.space.parameters())
    all += "," + csv_field("param." + parameter.name);
  all += ",metric,joules,joules_error,quality,rung,resource,seconds,evaluations,reason,note\r\n";
  for (const auto& [id, trial] : study.state.trials) all += row(study, trial);
  return all;
}

std::string export_json(const Study& study) {
  Json trials = Json::array();
  for (const auto& [id, trial] : study.state.trials) trials.push_back(trial_object(study, trial));
  return dump({{"study", Json::parse(show_json(study))}, {"trials", std::move(trials)}}) + "\n";
}

std::string export_trial_json(const Study& study, const journal::Trial& trial) {
  return dump(trial_object(study, trial));
}

}  // namespace sm2::report
