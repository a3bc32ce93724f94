#include "exchange/codecarbon_export.h"

#include <fmt/format.h>

#include <array>
#include <map>
#include <optional>

#include "exchange/marks.h"
#include "footprint/countries.h"
#include "report/charges.h"
#include "report/csv_field.h"
#include "report/summary.h"

namespace sm2::exchange {
namespace {

constexpr double kJoulesPerKwh = 3.6e6, kGramsPerKg = 1e3;

// Of codecarbon/output_methods/emissions_data.py, as they were from experiment_id to before water_consumed, and what SM2 adds.
constexpr std::array kColumns = {"timestamp",      "project_name",       "run_id",         "experiment_id",
                                 "duration",       "emissions",          "emissions_rate", "cpu_power",
                                 "gpu_power",      "ram_power",          "cpu_energy",     "gpu_energy",
                                 "ram_energy",     "energy_consumed",    "country_name",   "country_iso_code",
                                 "region",         "cloud_provider",     "cloud_region",   "os",
                                 "python_version", "codecarbon_version", "cpu_count",      "cpu_model",
                                 "gpu_count",      "gpu_model",          "longitude",      "latitude",
                                 "ram_total_size", "tracking_mode",      "on_cloud",       "pue",
                                 "sm2_energy",     "sm2_trial"};

using Row = std::map<std::string_view, std::string>;

// As CodeCarbon writes its identifiers: 8-4-4-4-12.
std::string uuid(const std::string& mark) {
  return fmt::format("{}-{}-{}-{}-{}", mark.substr(0, 8), mark.substr(8, 4), mark.substr(12, 4),
                     mark.substr(16, 4), mark.substr(20));
}

// The part of the machine that a reading is of, where its source says it.
std::optional<std::string_view> part_of(const trial::Reading& reading) {
  if (reading.source == "nvml" || reading.source == "rocm") return "gpu";
  if (reading.domain.starts_with("dram")) return "ram";
  if (reading.domain.starts_with("package") || reading.domain == "cpu") return "cpu";
  return {};
}

void put_power_and_energy(Row& row, const journal::Trial& trial) {
  std::map<std::string_view, std::optional<base::Joules>> parts;
  for (const trial::Reading& reading : trial.energy) {
    const auto part = part_of(reading);
    if (!part || !reading.counted) continue;
    const auto [at, fresh] = parts.try_emplace(*part, reading.joules);
    if (fresh) continue;
    at->second = at->second && reading.joules ? std::optional(*at->second + *reading.joules) : std::nullopt;
  }
  constexpr std::array<std::array<std::string_view, 3>, 3> kParts = {{{"cpu", "cpu_energy", "cpu_power"},
                                                                      {"gpu", "gpu_energy", "gpu_power"},
                                                                      {"ram", "ram_energy", "ram_power"}}};
  for (const auto& [part, energy, power] : kParts) {
    const auto found = parts.find(part);
    if (found == parts.end() || !found->second) continue;
    row[energy] = fmt::format("{}", found->second->value / kJoulesPerKwh);
    if (trial.seconds.value > 0) row[power] = fmt::format("{}", found->second->value / trial.seconds.value);
  }
}

void put_country(Row& row, const report::Study& study) {
  const auto& grid = study.spec.energy.grid;
  const footprint::Country* country = grid ? footprint::find_country(*grid) : nullptr;
  if (!country || country->alpha3.empty()) return;
  row["country_name"] = country->name;
  row["country_iso_code"] = country->alpha3;
}

Row row_of(const report::Study& study, const journal::Trial& trial, const Timeline::Trial& times) {
  Row row;
  row["timestamp"] = utc(times.ended, 'T', false);
  row["project_name"] = report::csv_text(study.name);
  row["run_id"] = uuid(trial_mark(study, trial.id));
  row["experiment_id"] = uuid(study_mark(study));
  row["duration"] = fmt::format("{}", trial.seconds.value);
  const report::Spent spent = report::used(trial);
  if (spent.joules) row["energy_consumed"] = fmt::format("{}", spent.joules->value / kJoulesPerKwh);
  if (const auto grams = report::carbon(study.state, trial.footprint, spent.joules)) {
    row["emissions"] = fmt::format("{}", *grams / kGramsPerKg);
    if (trial.seconds.value > 0)
      row["emissions_rate"] = fmt::format("{}", *grams / kGramsPerKg / trial.seconds.value);
  }
  put_power_and_energy(row, trial);
  put_country(row, study);
  row["pue"] = "1";
  row["sm2_energy"] = report::csv_text(trial::describe(trial.energy));
  row["sm2_trial"] = fmt::format("{}", trial.id);
  return row;
}

std::string line(const Row& row) {
  std::string text;
  for (const std::string_view column : kColumns) {
    const auto field = row.find(column);
    text += (text.empty() ? "" : ",") + (field == row.end() ? "" : field->second);
  }
  return text + "\n";
}

}  // namespace

std::string export_codecarbon(const report::Study& study, const Timeline& timeline) {
  Row header;
  for (const std::string_view column : kColumns) header[column] = column;
  std::string text = line(header);
  for (const auto& [id, trial] : study.state.trials) {
    const Timeline::Trial& times = timeline.trials.at(id);
    if (times.ran) text += line(row_of(study, trial, times));
  }
  return text;
}

}  // namespace sm2::exchange
