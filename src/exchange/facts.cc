#include "exchange/facts.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "report/charges.h"
#include "report/reason.h"
#include "report/summary.h"

namespace sm2::exchange {
namespace {

using nlohmann::json;

void put_number(json& facts, const std::string& name, std::optional<double> value) {
  if (value && std::isfinite(*value)) facts[name] = *value;
}

void put_text(json& facts, const std::string& name, const std::string& text) {
  if (!text.empty()) facts[name] = text;
}

void put_energy(json& facts, const report::Study& study, const report::Spent& spent,
                const trial::Energy& energy, const journal::Footprint& footprint) {
  if (spent.joules) facts["sm2.joules"] = spent.joules->value;
  if (spent.joules) facts["sm2.joules_error"] = spent.error.value;
  if (!energy.empty()) {
    facts["sm2.energy"] = trial::describe(energy);
    facts["sm2.energy_quality"] = trial::name(trial::worst(energy));
  }
  put_number(facts, "sm2.carbon_grams", report::carbon(study.state, footprint, spent.joules));
}

}  // namespace

json trial_facts(const report::Study& study, const journal::Trial& trial) {
  json facts = {{"sm2.trial", trial.id},
                {"sm2.state", report::trial_state(trial, study.tuner_alive)},
                {"sm2.settings", report::settings(trial)}};
  if (study.state.winner == trial.id) facts["sm2.winner"] = true;
  put_energy(facts, study, report::used(trial), trial.energy, trial.footprint);
  if (trial.seconds.value > 0) put_number(facts, "sm2.seconds", trial.seconds.value);
  if (!trial.evaluations.empty()) {
    put_number(facts, "sm2.resource", trial.resource);
    for (const auto& [name, value] : trial.evaluations.back().metrics)
      put_number(facts, "sm2.metric." + name, value);
  }
  put_text(facts, "sm2.reason", report::reason(study, trial));
  put_text(facts, "sm2.note", trial.note);
  return facts;
}

json study_facts(const report::Study& study) {
  const report::Summary summary = report::summarize(study.spec, study.state, study.tuner_alive);
  json facts = {{"sm2.version", study.state.version},
                {"sm2.host", study.state.host},
                {"sm2.strategy", study.spec.strategy},
                {"sm2.metric", study.spec.metric.name},
                {"sm2.goal", study.spec.metric.goal == config::Goal::kMaximize ? "maximize" : "minimize"},
                {"sm2.resource", study.spec.resource.unit},
                {"sm2.state", report::study_state(study.state, study.tuner_alive)}};
  put_energy(facts, study, summary.total, summary.energy, study.state.footprint);
  return facts;
}

}  // namespace sm2::exchange
