// What cannot be bettered on one axis without losing on another. A point is better the higher it is, on every axis: give
// what should be low negated. All points have as many axes, and finite coordinates.
//
//   a dominates b   a >= b on every axis, and a > b on one; equal points do not dominate one another
//   front           the points that none dominates
//
// By Kung, Luccio and Preparata (1975, JACM 22): in descending lexicographic order a point can only be dominated by an
// earlier member of the front; with two axes by the last one alone, which makes it O(n log n). Otherwise O(n f), f the
// size of the front. Pure.
#pragma once

#include <cstddef>
#include <vector>

namespace sm2::objective {

using Point = std::vector<double>;

bool dominates(const Point& a, const Point& b);

// Indices of the front's members, from the highest on the first axis down; equal points in the order given.
std::vector<std::size_t> front(const std::vector<Point>& points);

}  // namespace sm2::objective
