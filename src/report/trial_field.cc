#include "report/trial_field.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/nearest.h"
#include "base/units.h"
#include "report/charges.h"
#include "report/figures.h"
#include "report/reason.h"
#include "report/summary.h"

namespace sm2::report {
namespace {

using journal::Trial;
using Kind = TrialField::Kind;

FieldValue number(std::optional<double> value) {
  return value && std::isfinite(*value) ? FieldValue(*value) : FieldValue();
}
FieldValue words(std::string_view text) {
  return text.empty() ? FieldValue() : FieldValue(std::string(text));
}

FieldValue joules(const Study&, const Trial& trial) {
  const Spent spent = used(trial);
  return spent.joules ? number(spent.joules->value) : FieldValue();
}

FieldValue joules_error(const Study&, const Trial& trial) {
  const Spent spent = used(trial);
  return spent.joules ? number(spent.error.value) : FieldValue();
}

FieldValue cost_amount(const Study& study, const Trial& trial) {
  const auto paid = cost(study.state, trial.footprint, used(trial).joules);
  return paid ? number(paid->amount) : FieldValue();
}

FieldValue devices(const Study&, const Trial& trial) {
  return trial.devices ? words(trial::names(*trial.devices)) : FieldValue();
}

TrialField parameter_field(const std::string& name) {
  return {"param." + name, Kind::kNumber, [name](const Study&, const Trial& trial) -> FieldValue {
            const auto value = trial.configuration.find(name);
            if (value == trial.configuration.end()) return {};
            if (space::is_number(value->second)) return number(space::as_number(value->second));
            return words(space::to_text(value->second));
          }};
}

TrialField metric_field(const std::string& name) {
  return {"metric." + name, Kind::kNumber, [name](const Study&, const Trial& trial) -> FieldValue {
            if (trial.evaluations.empty()) return {};
            const auto& metrics = trial.evaluations.back().metrics;
            const auto value = metrics.find(name);
            return value == metrics.end() ? FieldValue() : number(value->second);
          }};
}

std::set<std::string> reported_metrics(const Study& study) {
  std::set<std::string> names;
  for (const auto& [id, trial] : study.state.trials) {
    if (trial.evaluations.empty()) continue;
    for (const auto& [name, value] : trial.evaluations.back().metrics) names.insert(name);
  }
  return names;
}

// What a name stands for among the fields: itself, or what is shorter to write.
std::string full_name(const Study& study, std::string_view name) {
  if (name == "energy") return "joules";
  if (name == "time") return "seconds";
  return name == study.spec.metric.name ? "metric" : std::string(name);
}

}  // namespace

std::vector<TrialField> trial_fields(const Study& of) {
  std::vector<TrialField> fields = {
      {"trial", Kind::kNumber, [](const Study&, const Trial& trial) { return number(trial.id); }},
      {"state", Kind::kText,
       [](const Study& study, const Trial& trial) { return words(trial_state(trial, study.tuner_alive)); }}};
  for (const space::Parameter& parameter : of.spec.space.parameters())
    fields.push_back(parameter_field(parameter.name));
  fields.push_back({"metric", Kind::kNumber, [](const Study& study, const Trial& trial) {
                      return number(metric(study.spec, trial));
                    }});
  for (const std::string& name : reported_metrics(of)) fields.push_back(metric_field(name));
  const std::vector<TrialField> rest = {
      {"joules", Kind::kEnergy, joules},
      {"joules_error", Kind::kEnergy, joules_error},
      {"quality", Kind::kText,
       [](const Study&, const Trial& trial) {
         return trial.energy.empty() ? FieldValue() : words(trial::name(trial::worst(trial.energy)));
       }},
      {"carbon_grams", Kind::kNumber,
       [](const Study& study, const Trial& trial) {
         return number(carbon(study.state, trial.footprint, used(trial).joules));
       }},
      {"cost", Kind::kNumber, cost_amount},
      {"rung", Kind::kNumber, [](const Study&, const Trial& trial) { return number(trial.rung()); }},
      {"resource", Kind::kNumber,
       [](const Study&, const Trial& trial) {
         return trial.evaluations.empty() ? FieldValue() : number(trial.resource);
       }},
      {"seconds", Kind::kTime,
       [](const Study&, const Trial& trial) {
         const bool ran = !trial.energy.empty() || trial.seconds.value != 0;
         return ran ? number(trial.seconds.value) : FieldValue();
       }},
      {"evaluations", Kind::kNumber,
       [](const Study&, const Trial& trial) {
         return number(static_cast<double>(trial.evaluations.size()));
       }},
      {"devices", Kind::kText, devices},
      {"reason", Kind::kText,
       [](const Study& study, const Trial& trial) { return words(reason(study, trial)); }},
      {"note", Kind::kText, [](const Study&, const Trial& trial) { return words(trial.note); }}};
  fields.insert(fields.end(), rest.begin(), rest.end());
  return fields;
}

base::Result<TrialField> find_trial_field(const Study& study, std::string_view name) {
  const std::string wanted = full_name(study, name);
  const std::vector<TrialField> fields = trial_fields(study);
  std::vector<std::string> known;
  for (const std::string& full : {wanted, "param." + wanted, "metric." + wanted}) {
    const auto found = std::ranges::find(fields, full, &TrialField::name);
    if (found != fields.end()) return *found;
  }
  for (const TrialField& field : fields) known.push_back(field.name);
  for (const space::Parameter& parameter : study.spec.space.parameters()) known.push_back(parameter.name);
  known.insert(known.end(), {"energy", "time", study.spec.metric.name});
  return base::fail(
      "there is no '{}'; {}there are {}", name, base::did_you_mean(name, known),
      fmt::join(known.begin(), known.begin() + static_cast<std::ptrdiff_t>(fields.size()), ", "));
}

std::string field_text(const TrialField& field, const FieldValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  const auto* number = std::get_if<double>(&value);
  if (!number) return "-";
  switch (field.kind) {
    case Kind::kEnergy:
      return text(std::optional(base::Joules(*number)));
    case Kind::kTime:
      return base::format(base::Seconds(*number));
    case Kind::kNumber:
    case Kind::kText:
      return number_text(*number);
  }
  return number_text(*number);
}

}  // namespace sm2::report
