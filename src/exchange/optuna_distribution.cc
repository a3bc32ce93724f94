#include "exchange/optuna_distribution.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "base/match.h"

namespace sm2::exchange {
namespace {

using nlohmann::json;

json distribution(const char* name, json attributes) {
  return {{"name", name}, {"attributes", std::move(attributes)}};
}

json integer(const space::Integer& domain) {
  const bool log = domain.scale == space::Scale::kLog;
  const std::int64_t step = log ? 1 : domain.step;
  const std::int64_t high = domain.low + (domain.high - domain.low) / step * step;
  return distribution("IntDistribution", {{"log", log}, {"step", step}, {"low", domain.low}, {"high", high}});
}

// Without the digits that a sum of steps in binary adds: Optuna counts in decimals.
double in_decimals(double value) { return std::stod(fmt::format("{:.12g}", value)); }

json real(const space::Real& domain) {
  const bool log = domain.scale == space::Scale::kLog;
  json attributes = {{"step", nullptr}, {"low", domain.low}, {"high", domain.high}, {"log", log}};
  if (domain.step && !log) {
    constexpr double kRounding = 1e-9;
    const double count = std::floor((domain.high - domain.low) / *domain.step + kRounding);
    attributes["step"] = *domain.step;
    attributes["high"] = in_decimals(domain.low + count * *domain.step);
  }
  return distribution("FloatDistribution", std::move(attributes));
}

json categorical(const space::Categorical& domain) {
  json choices = json::array();
  for (const space::Value& value : domain.values) choices.push_back(space::to_json(value));
  return distribution("CategoricalDistribution", {{"choices", std::move(choices)}});
}

enum class Kind { kInteger, kReal, kChoice };

Kind kind_of(const std::string& name) {
  if (name.starts_with("Int") || name == "int") return Kind::kInteger;
  if (name.starts_with("Categorical") || name == "categorical") return Kind::kChoice;
  return Kind::kReal;
}

std::int64_t whole(double number) {
  constexpr double kMostWhole = 9e15;  // doubles hold every whole number up to here
  if (!(std::abs(number) < kMostWhole)) throw std::out_of_range("a number that is not whole");
  return std::llround(number);
}

space::Value value_of(const json& distribution, double number) {
  const bool named = distribution.contains("name");
  const json& attributes = named ? distribution.at("attributes") : distribution;
  switch (kind_of(distribution.at(named ? "name" : "type").get<std::string>())) {
    case Kind::kInteger:
      return whole(number);
    case Kind::kChoice: {
      const json& choice = attributes.at("choices").at(static_cast<std::size_t>(whole(number)));
      return choice.is_null() ? space::Value(std::string("null")) : space::value_from_json(choice);
    }
    case Kind::kReal:
      return number;
  }
  return number;
}

}  // namespace

json optuna_distribution(const space::Domain& domain) {
  return std::visit(base::Match{[](const space::Integer& d) { return integer(d); },
                                [](const space::Real& d) { return real(d); },
                                [](const space::Categorical& d) { return categorical(d); }},
                    domain);
}

double optuna_number(const space::Domain& domain, const space::Value& value) {
  const auto* choices = std::get_if<space::Categorical>(&domain);
  if (!choices) return space::as_number(value);
  return static_cast<double>(std::ranges::find(choices->values, value) - choices->values.begin());
}

base::Result<space::Value> value_of_optuna(std::string_view distribution, double number) {
  try {
    return value_of(json::parse(distribution), number);
  } catch (const std::exception& error) {
    return base::fail("no distribution that has a value: {}", error.what());
  }
}

}  // namespace sm2::exchange
