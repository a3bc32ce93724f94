// The margin of CMA-ES for domains of single values (Hamano et al. 2022, arXiv 2205.13482, sections 4.2 and
// 4.3). A normal distribution that has become narrower than a cell of the domain would give one value for
// ever; the margin keeps the chance of leaving the mean's cell at `alpha` or more: alpha / 2 on either side,
// alpha where there is one side only. In units (space/unit.h). Pure.
#pragma once

#include "space/parameter.h"

namespace sm2::sampler {

// Of one axis: normal around `mean`, its deviation multiplied by `scale`, the diagonal of A in the paper.
struct Marginal {
  double mean;
  double scale;
};

// `deviation` is that of the distribution, without the scale. A continuous domain is left as it is.
Marginal with_margin(const space::Domain& domain, Marginal now, double deviation, double alpha);

// The standard normal's quantile, 0 < share < 1.
double normal_quantile(double share);

}  // namespace sm2::sampler
