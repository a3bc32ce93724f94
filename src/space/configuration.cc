#include "space/configuration.h"

#include <fmt/format.h>

#include <functional>
#include <nlohmann/json.hpp>

namespace sm2::space {

nlohmann::json to_json(const Configuration& configuration) {
  auto json = nlohmann::json::object();
  for (const auto& [name, value] : configuration) json[name] = to_json(value);
  return json;
}

Configuration configuration_from_json(const nlohmann::json& json) {
  Configuration configuration;
  for (const auto& [name, value] : json.items()) configuration.emplace(name, value_from_json(value));
  return configuration;
}

std::string describe(const Configuration& configuration) {
  std::string text;
  for (const auto& [name, value] : configuration) {
    const auto* real = std::get_if<double>(&value);
    const std::string shown = real ? fmt::format("{:.4g}", *real) : to_text(value);
    text += fmt::format("{}{}={}", text.empty() ? "" : " ", name, shown);
  }
  return text;
}

std::size_t ConfigurationHash::operator()(const Configuration& configuration) const {
  std::size_t hash = configuration.size();
  const auto combine = [&hash](std::size_t part) {
    hash ^= part + 0x9e3779b97f4a7c15u + (hash << 6) + (hash >> 2);
  };
  for (const auto& [name, value] : configuration) {
    combine(std::hash<std::string>()(name));
    combine(std::hash<Value>()(value));
  }
  return hash;
}

}  // namespace sm2::space
