// A whole configuration from numbers: given a unit (space/unit.h) for every parameter of the space, in the
// order of space.parameters(), the values they stand for, with the parameters that are not active left out. A
// parameter is active when it has no condition, or when its parent is active and has one of the condition's
// values. So a sampler may change any unit and gets back a configuration that the space contains.
#pragma once

#include <vector>

#include "base/random.h"
#include "space/space.h"

namespace sm2::sampler {

// `units` has one entry per parameter; entries outside [0, 1] are clamped.
space::Configuration from_units(const space::Space& space, const std::vector<double>& units);

// A unit for every parameter of the space, each uniform.
std::vector<double> random_units(const space::Space& space, base::Random& random);

// A coordinate folded into [0, 1] at the bounds: -0.1 and 1.9 become 0.1. A search that may leave the cube
// sees an optimum at a bound like any other.
double mirrored(double coordinate);

}  // namespace sm2::sampler
