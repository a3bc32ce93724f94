#include "dashboard/raw_json.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace sm2::dashboard::raw {

std::string number(std::optional<double> value) {
  return value && std::isfinite(*value) ? fmt::format("{:.6g}", *value) : "null";
}

std::string number(std::optional<base::Joules> joules) {
  return joules ? number(std::optional(joules->value)) : "null";
}

std::string string(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

std::string truth(bool value) { return value ? "true" : "false"; }

std::string array(const std::vector<std::string>& parts) {
  return fmt::format("[{}]", fmt::join(parts, ","));
}

std::string object(std::initializer_list<std::pair<std::string_view, std::string>> members) {
  std::string all;
  for (const auto& [name, json] : members)
    all += fmt::format("{}{}:{}", all.empty() ? "" : ",", string(name), json);
  return "{" + all + "}";
}

std::string object(const std::vector<std::pair<std::string, std::string>>& members) {
  std::string all;
  for (const auto& [name, json] : members)
    all += fmt::format("{}{}:{}", all.empty() ? "" : ",", string(name), json);
  return "{" + all + "}";
}

void Words::add(std::string_view word) {
  if (word.empty()) return of_.emplace_back("null"), void();
  const auto known = std::ranges::find(names_, word);
  of_.push_back(fmt::format("{}", known - names_.begin()));
  if (known == names_.end()) names_.emplace_back(word);
}

std::string Words::json() const {
  std::vector<std::string> names;
  for (const std::string& name : names_) names.push_back(string(name));
  return object({{"names", array(names)}, {"of", array(of_)}});
}

}  // namespace sm2::dashboard::raw
