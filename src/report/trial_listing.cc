#include "report/trial_listing.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "report/csv_field.h"
#include "report/figures.h"
#include "report/json.h"
#include "report/printable.h"
#include "report/reason.h"
#include "report/summary.h"
#include "report/table.h"

namespace sm2::report {
namespace {

using Json = nlohmann::ordered_json;
using Trials = std::vector<const journal::Trial*>;

// A column for each parameter, or one for all of them.
std::vector<std::string> trial_table(const Study& study, const Trials& trials, bool by_parameter) {
  std::vector<Column> columns = {{"TRIAL", true},
                                 {"STATE"},
                                 {"RUNG", true},
                                 {study.spec.resource.unit, true},
                                 {study.spec.metric.name, true},
                                 {"ENERGY", true}};
  if (by_parameter) {
    for (const space::Parameter& parameter : study.spec.space.parameters())
      columns.push_back({parameter.name, true});
  } else {
    columns.push_back({"PARAMETERS"});
  }
  std::vector<Row> rows;
  for (const journal::Trial* one : trials) {
    const journal::Trial& trial = *one;
    Row row = {fmt::format("{}", trial.id),
               std::string(trial_state(trial, study.tuner_alive)),
               fmt::format("{}", trial.rung()),
               trial.evaluations.empty() ? "-" : number_text(trial.resource),
               metric_text(metric(study.spec, trial)),
               text(used(trial))};
    for (const space::Parameter& parameter : study.spec.space.parameters()) {
      if (!by_parameter) break;
      const auto value = trial.configuration.find(parameter.name);
      row.push_back(value == trial.configuration.end() ? "-" : value_text(value->second));
    }
    if (!by_parameter) row.push_back(space::describe(trial.configuration));
    rows.push_back(std::move(row));
  }
  return table(columns, rows);
}

std::string energy_note(const Study& study) {
  return "energy: " + provenance(journal::total_energy(study.state)) + "; +- is its whole uncertainty\n";
}

// Of joules with their uncertainty, which belongs to them.
std::string cell(const Study& study, const TrialField& field, const journal::Trial& trial) {
  return field.name == "joules" ? text(used(trial)) : field_text(field, field.value(study, trial));
}

std::string chosen_columns(const Study& study, const Trials& trials, const std::vector<TrialField>& fields) {
  std::vector<Column> columns;
  for (const TrialField& field : fields)
    columns.push_back({field.name, field.kind != TrialField::Kind::kText});
  std::vector<Row> rows;
  for (const journal::Trial* trial : trials) {
    Row& row = rows.emplace_back();
    for (const TrialField& field : fields) row.push_back(cell(study, field, *trial));
  }
  std::string all;
  for (const std::string& line : table(columns, rows)) all += line + "\n";
  const auto energy = [](const TrialField& field) { return field.kind == TrialField::Kind::kEnergy; };
  return std::ranges::any_of(fields, energy) ? all + energy_note(study) : all;
}

// Those of export_csv().
std::vector<TrialField> csv_columns(const Study& study) {
  std::vector<TrialField> columns = trial_fields(study);
  std::erase_if(columns, [](const TrialField& field) {
    return field.name == "carbon_grams" || field.name == "cost" || field.name == "devices" ||
           field.name.starts_with("metric.");
  });
  return columns;
}

std::string csv_cell(const FieldValue& value) {
  if (const auto* number = std::get_if<double>(&value)) return fmt::format("{}", *number);
  const auto* text = std::get_if<std::string>(&value);
  return text ? csv_text(*text) : "";
}

Json chosen_keys(const Study& study, const journal::Trial& trial, const std::vector<TrialField>& fields) {
  const Json whole = Json::parse(trial_json(study, trial));
  Json object = Json::object();
  for (const TrialField& field : fields) {
    const std::size_t dot = field.name.find('.');
    const Json& place = field.name.starts_with("param.") ? whole["params"] : whole;
    const auto known = place.find(field.name.starts_with("param.") ? field.name.substr(dot + 1) : field.name);
    const FieldValue value = field.value(study, trial);
    const auto* number = std::get_if<double>(&value);
    object[field.name] = known != place.end() ? *known : number ? Json(*number) : Json(nullptr);
  }
  return object;
}

}  // namespace

std::string trials_text(const Study& study, const TrialQuery& query) {
  if (study.state.trials.empty()) return "no trials yet\n";
  const Trials trials = select(study, query);
  if (trials.empty()) return fmt::format("none of {} trials passes\n", study.state.trials.size());
  if (!query.columns.empty()) return chosen_columns(study, trials, query.columns);
  std::vector<std::string> lines = trial_table(study, trials, true);
  if (width(lines) > kWidth) lines = trial_table(study, trials, false);
  std::string all = shorten(lines[0], kWidth) + "\n";
  std::size_t line = 1;
  for (const journal::Trial* trial : trials) {
    all += shorten(lines[line++], kWidth) + "\n";
    for (const std::string& why : wrap(printable(reason(study, *trial)), kWidth - 7))
      all += "       " + why + "\n";
  }
  return all + energy_note(study);
}

std::string trials_csv(const Study& study, const TrialQuery& query) {
  const std::vector<TrialField> columns = query.columns.empty() ? csv_columns(study) : query.columns;
  std::string all;
  const auto end_of = [&](std::size_t at) { return at + 1 == columns.size() ? "\r\n" : ","; };
  for (std::size_t at = 0; at < columns.size(); ++at) all += csv_field(columns[at].name) + end_of(at);
  for (const journal::Trial* trial : select(study, query)) {
    for (std::size_t at = 0; at < columns.size(); ++at)
      all += csv_cell(columns[at].value(study, *trial)) + end_of(at);
  }
  return all;
}

std::vector<std::string> trials_json(const Study& study, const TrialQuery& query) {
  std::vector<std::string> lines;
  for (const journal::Trial* trial : select(study, query)) {
    lines.push_back(
        query.columns.empty()
            ? trial_json(study, *trial)
            : chosen_keys(study, *trial, query.columns).dump(-1, ' ', true, Json::error_handler_t::replace));
  }
  return lines;
}

}  // namespace sm2::report
