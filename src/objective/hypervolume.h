// How much a set of points is worth together: the volume of what its members dominate, above a reference point (Zitzler
// and Thiele 1999). Points are as in objective/pareto.h: higher is better on every axis. A point that is not above the
// reference on every axis adds nothing. In the product of the axes' units.
//
// Exact. Two axes: one sweep, O(n log n). More: the walking fish group's algorithm (While, Bradstreet and Barone 2012,
// IEEE Trans. Evol. Comp. 16(1), section III): the sum over members of the volume that each adds to those after it,
//
//   hv(p_1 .. p_n) = sum_i ( box(p_i) - hv(front of min(p_i, p_j), j > i) )
#pragma once

#include "objective/pareto.h"

namespace sm2::objective {

double hypervolume(const std::vector<Point>& points, const Point& reference);

}  // namespace sm2::objective
