// Numbers in stored and sent JSON: those that are not finite are the strings "nan", "inf" and "-inf"; what is unknown is left
// out. Reading throws std::invalid_argument, or what nlohmann::json throws.
#pragma once

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>

namespace sm2::journal {

inline nlohmann::json number(double value) {
  if (std::isfinite(value)) return value;
  if (std::isnan(value)) return "nan";
  return value > 0 ? "inf" : "-inf";
}

inline double to_number(const nlohmann::json& value) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  if (value.is_number()) return value.get<double>();
  if (value.is_null()) return kNan;  // what version 0.1.0 wrote for some that were not finite
  const auto text = value.get<std::string>();
  if (text == "inf") return kInfinity;
  if (text == "-inf") return -kInfinity;
  if (text == "nan") return kNan;
  throw std::invalid_argument("a number is wanted, not '" + text + "'");
}

inline void put(nlohmann::json& object, const char* key, const std::optional<double>& value) {
  if (value) object[key] = number(*value);
}

inline std::optional<double> get(const nlohmann::json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return {};
  return to_number(*found);
}

inline double get(const nlohmann::json& object, const char* key, double otherwise) {
  return get(object, key).value_or(otherwise);
}

}  // namespace sm2::journal
