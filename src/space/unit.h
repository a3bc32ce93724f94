// A parameter as a number between 0 and 1, for samplers that work on numbers: linear on the domain's scale, so that
// sample() is uniform here. A domain of n values has n cells of equal width in order; a value stands for its cell's
// middle. Choices that are all numbers are ordered by size; others only by their place in the study file.
#pragma once

#include "space/parameter.h"

namespace sm2::space {

double to_unit(const Domain& domain, const Value& value);  // in [0, 1]; the value must be contained
Value from_unit(const Domain& domain, double unit);        // clamps to [0, 1]; always contained

// Whether neighbouring units are neighbouring values: false for choices that are not all numbers.
bool ordered(const Domain& domain);

}  // namespace sm2::space
