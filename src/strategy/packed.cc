#include "strategy/packed.h"

#include <algorithm>
#include <bit>

#include "base/match.h"

namespace sm2::strategy {
namespace {

constexpr std::uint64_t kAbsent =
    ~std::uint64_t{0};  // as a real it is no number; no place of a choice is so large

std::uint64_t word(const space::Domain& domain, const space::Value& value) {
  return std::visit(
      base::Match{[&](const space::Integer& integer) {
                    return static_cast<std::uint64_t>(std::get<std::int64_t>(value)) -
                           static_cast<std::uint64_t>(integer.low);
                  },
                  [&](const space::Real&) { return std::bit_cast<std::uint64_t>(std::get<double>(value)); },
                  [&](const space::Categorical& categorical) {
                    const auto found = std::ranges::find(categorical.values, value);
                    return static_cast<std::uint64_t>(found - categorical.values.begin());
                  }},
      domain);
}

space::Value value(const space::Domain& domain, std::uint64_t word) {
  return std::visit(
      base::Match{[&](const space::Integer& integer) -> space::Value {
                    return static_cast<std::int64_t>(static_cast<std::uint64_t>(integer.low) + word);
                  },
                  [&](const space::Real&) -> space::Value { return std::bit_cast<double>(word); },
                  [&](const space::Categorical& categorical) { return categorical.values[word]; }},
      domain);
}

}  // namespace

void Packed::add(const space::Configuration& configuration) {
  for (const space::Parameter& parameter : parameters_) {
    const auto held = configuration.find(parameter.name);
    words_.push_back(held == configuration.end() ? kAbsent : word(parameter.domain, held->second));
  }
}

space::Configuration Packed::at(std::size_t index) const {
  space::Configuration configuration;
  for (std::size_t column = 0; column < parameters_.size(); ++column) {
    const std::uint64_t held = words_[index * parameters_.size() + column];
    if (held != kAbsent)
      configuration.emplace(parameters_[column].name, value(parameters_[column].domain, held));
  }
  return configuration;
}

}  // namespace sm2::strategy
