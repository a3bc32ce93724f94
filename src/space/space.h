// The search space: parameters in the order of the study file. A conditional parameter's parent may stand
// anywhere, but conditions form no circle. Immutable once made; every sample and grid point satisfies
// `contains`.
#pragma once

#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "space/configuration.h"
#include "space/parameter.h"

namespace sm2::space {

class Space {
 public:
  // Fails when a domain is impossible, a name is used twice, or a condition names an unknown parent, a value
  // that the parent cannot take, or leads back to itself. The message begins with the parameter's name.
  static base::Result<Space> make(std::vector<Parameter> parameters);

  Space() = default;

  const std::vector<Parameter>& parameters() const { return parameters_; }
  const Parameter* find(const std::string& name) const;  // null when unknown

  Configuration sample(base::Random& random) const;
  bool contains(const Configuration& configuration) const;

  // Every combination of grid(domain, points); combinations that differ in inactive parameters only are one.
  // Fails when they would be more than `limit`.
  base::Result<std::vector<Configuration>> grid(std::size_t points, std::size_t limit) const;

  // How many configurations there are, conditions left aside; nothing when a parameter is continuous or they
  // exceed 2^63.
  std::optional<std::uint64_t> cardinality() const;

  // The same space without one parameter and without those that depend on it.
  Space without(const std::string& name) const;

  bool operator==(const Space& other) const { return parameters_ == other.parameters_; }

 private:
  bool active(const Parameter& parameter, const Configuration& configuration) const;

  std::vector<Parameter> parameters_;
  std::vector<std::size_t> parents_first_;  // an order of parameters_ in which a parent precedes its children
};

}  // namespace sm2::space
