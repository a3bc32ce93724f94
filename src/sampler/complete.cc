#include "sampler/complete.h"

#include <algorithm>
#include <cmath>

#include "space/unit.h"

namespace sm2::sampler {

space::Configuration from_units(const space::Space& space, const std::vector<double>& units) {
  const auto& parameters = space.parameters();
  space::Configuration all;
  for (std::size_t at = 0; at < parameters.size(); ++at)
    all[parameters[at].name] = space::from_unit(parameters[at].domain, units[at]);

  // A parent may stand anywhere in the list and conditions form no circle: each pass takes out at least the
  // next generation of orphans.
  const auto orphaned = [&](const space::Parameter& parameter) {
    if (!parameter.condition || !all.contains(parameter.name)) return false;
    const auto parent = all.find(parameter.condition->parent);
    return parent == all.end() || std::ranges::find(parameter.condition->values, parent->second) ==
                                      parameter.condition->values.end();
  };
  for (bool changed = true; changed;) {
    changed = false;
    for (const space::Parameter& parameter : parameters) {
      if (!orphaned(parameter)) continue;
      all.erase(parameter.name);
      changed = true;
    }
  }
  return all;
}

std::vector<double> random_units(const space::Space& space, base::Random& random) {
  std::vector<double> units(space.parameters().size());
  for (double& unit : units) unit = random.uniform();
  return units;
}

double mirrored(double coordinate) { return std::abs(std::remainder(coordinate, 2.0)); }

}  // namespace sm2::sampler
