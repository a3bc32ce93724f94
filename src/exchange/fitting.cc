#include "exchange/fitting.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "workload/csv.h"

namespace sm2::exchange {
namespace {

using space::Value;

std::optional<double> number_of(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return workload::parse_number(*text);
  return space::is_number(value) ? std::optional(space::as_number(value)) : std::nullopt;
}

// The ways in which a value may have been meant, the plainest first.
std::vector<Value> forms_of(const Value& value) {
  std::vector<Value> forms = {value};
  if (const auto number = number_of(value)) {
    constexpr double kMostWhole = 9e15;  // doubles hold every whole number up to here
    if (*number == std::floor(*number) && std::abs(*number) < kMostWhole)
      forms.emplace_back(static_cast<std::int64_t>(*number));
    forms.emplace_back(*number);
  }
  if (const auto* text = std::get_if<std::string>(&value)) {
    if (*text == "true" || *text == "True") forms.emplace_back(true);
    if (*text == "false" || *text == "False") forms.emplace_back(false);
  }
  return forms;
}

std::optional<Value> value_in(const space::Domain& domain, const Value& value) {
  const std::vector<Value> forms = forms_of(value);
  const auto fits = std::ranges::find_if(forms, [&](const Value& form) { return contains(domain, form); });
  return fits == forms.end() ? std::nullopt : std::optional(*fits);
}

}  // namespace

std::optional<space::Configuration> Fitting::fit(const std::map<std::string, Value>& values) {
  space::Configuration configuration;
  for (const auto& [name, value] : values) {
    const space::Parameter* parameter = space_.find(name);
    if (!parameter) return blame(name, fmt::format("parameter '{}' is not in the space", name)), std::nullopt;
    const auto known = value_in(parameter->domain, value);
    if (!known) {
      blame("outside " + name, fmt::format("parameter '{}' has values outside of the space, as {}", name,
                                           space::to_text(value)));
      return {};
    }
    configuration[name] = *known;
  }
  for (const space::Parameter& parameter : space_.parameters()) {
    if (parameter.condition || configuration.contains(parameter.name)) continue;
    blame("missing " + parameter.name, fmt::format("parameter '{}' is missing", parameter.name));
    return {};
  }
  if (space_.contains(configuration)) return configuration;
  blame("", "parameters exist, or are missing, against the space's conditions");
  return {};
}

void Fitting::blame(const std::string& key, std::string words) {
  const auto [fault, fresh] = faults_.try_emplace(key);
  if (fresh) fault->second.words = std::move(words);
  ++fault->second.trials;
}

std::vector<std::string> Fitting::faults() const {
  std::vector<std::string> lines;
  for (const auto& [key, fault] : faults_)
    lines.push_back(
        fmt::format("{} trial{} left out: {}", fault.trials, fault.trials == 1 ? "" : "s", fault.words));
  return lines;
}

}  // namespace sm2::exchange
