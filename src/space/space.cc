#include "space/space.h"

#include <algorithm>
#include <unordered_set>

namespace sm2::space {

base::Result<Space> Space::make(std::vector<Parameter> parameters) {
  Space space;
  space.parameters_ = std::move(parameters);
  for (const Parameter& parameter : space.parameters_) {
    if (auto checked = check(parameter.domain); !checked) {
      return base::fail("{}: {}", parameter.name, checked.error().message);
    }
    if (std::ranges::count(space.parameters_, parameter.name, &Parameter::name) > 1) {
      return base::fail("{}: the name is used twice", parameter.name);
    }
    if (!parameter.condition) continue;
    const Parameter* parent = space.find(parameter.condition->parent);
    if (!parent)
      return base::fail("{}: when names '{}', which is no parameter", parameter.name,
                        parameter.condition->parent);
    for (const Value& value : parameter.condition->values) {
      if (!space::contains(parent->domain, value)) {
        return base::fail("{}: when asks for {} = {}, which {} can never be", parameter.name, parent->name,
                          to_text(value), parent->name);
      }
    }
  }
  std::unordered_set<std::string> placed;
  while (placed.size() < space.parameters_.size()) {
    const std::size_t before = placed.size();
    for (std::size_t at = 0; at < space.parameters_.size(); ++at) {
      const Parameter& parameter = space.parameters_[at];
      const bool ready = !parameter.condition || placed.contains(parameter.condition->parent);
      if (ready && placed.insert(parameter.name).second) space.parents_first_.push_back(at);
    }
    if (placed.size() > before) continue;
    const auto stuck =
        std::ranges::find_if(space.parameters_, [&](const auto& p) { return !placed.contains(p.name); });
    return base::fail("{}: its condition depends on itself, through {}", stuck->name,
                      stuck->condition->parent);
  }
  return space;
}

const Parameter* Space::find(const std::string& name) const {
  const auto found = std::ranges::find(parameters_, name, &Parameter::name);
  return found == parameters_.end() ? nullptr : &*found;
}

bool Space::active(const Parameter& parameter, const Configuration& configuration) const {
  if (!parameter.condition) return true;
  const auto parent = configuration.find(parameter.condition->parent);
  return parent != configuration.end() &&
         std::ranges::find(parameter.condition->values, parent->second) != parameter.condition->values.end();
}

Configuration Space::sample(base::Random& random) const {
  Configuration configuration;
  for (const std::size_t at : parents_first_) {
    const Parameter& parameter = parameters_[at];
    if (active(parameter, configuration))
      configuration[parameter.name] = space::sample(parameter.domain, random);
  }
  return configuration;
}

bool Space::contains(const Configuration& configuration) const {
  std::size_t expected = 0;
  for (const Parameter& parameter : parameters_) {
    if (!active(parameter, configuration)) continue;
    const auto value = configuration.find(parameter.name);
    if (value == configuration.end() || !space::contains(parameter.domain, value->second)) return false;
    ++expected;
  }
  return expected == configuration.size();
}

base::Result<std::vector<Configuration>> Space::grid(std::size_t points, std::size_t limit) const {
  std::vector<Configuration> configurations(1);
  for (const std::size_t at : parents_first_) {
    const Parameter& parameter = parameters_[at];
    const std::vector<Value> values = space::grid(parameter.domain, points);
    std::vector<Configuration> extended;
    for (Configuration& configuration : configurations) {
      if (!active(parameter, configuration)) {
        extended.push_back(std::move(configuration));
        continue;
      }
      for (const Value& value : values) {
        extended.push_back(configuration);
        extended.back()[parameter.name] = value;
      }
      if (extended.size() > limit) break;
    }
    if (extended.size() > limit) {
      return base::fail("the grid has more than {} points; give fewer values, or fewer points per parameter",
                        limit);
    }
    configurations = std::move(extended);
  }
  return configurations;
}

std::optional<std::uint64_t> Space::cardinality() const {
  std::uint64_t product = 1;
  for (const Parameter& parameter : parameters_) {
    const auto count = space::cardinality(parameter.domain);
    if (!count || __builtin_mul_overflow(product, *count, &product) || product > (std::uint64_t{1} << 63))
      return {};
  }
  return product;
}

Space Space::without(const std::string& name) const {
  std::unordered_set<std::string> gone = {name};
  std::vector<Parameter> kept;
  for (const std::size_t at : parents_first_) {
    const Parameter& parameter = parameters_[at];
    if (parameter.condition && gone.contains(parameter.condition->parent)) gone.insert(parameter.name);
  }
  std::ranges::copy_if(parameters_, std::back_inserter(kept),
                       [&](const auto& p) { return !gone.contains(p.name); });
  return *make(std::move(kept));
}

}  // namespace sm2::space
