#include "exchange/mlflow_names.h"

#include <algorithm>
#include <string_view>

namespace sm2::exchange {
namespace {

constexpr std::size_t kLongest = 200;  // of the 250 that MLflow takes, which leaves room for a number

bool allowed(char letter) {
  const bool alphanumeric = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                            (letter >= '0' && letter <= '9');
  return alphanumeric || std::string_view("_-. ").find(letter) != std::string_view::npos;
}

std::string safe(const std::string& name) {
  std::string text = name.substr(0, kLongest);
  std::ranges::replace_if(text, [](char letter) { return !allowed(letter); }, '_');
  if (text.empty()) return "_";
  if (text.front() == '.') text.front() = '_';
  return text;
}

}  // namespace

const std::string& MlflowNames::of(const std::string& name) {
  const auto [at, fresh] = known_.try_emplace(name);
  if (!fresh) return at->second;
  const std::string first = safe(name);
  std::string next = first;
  for (int k = 2; !taken_.insert(next).second; ++k) next = first + "_" + std::to_string(k);
  return at->second = next;
}

}  // namespace sm2::exchange
