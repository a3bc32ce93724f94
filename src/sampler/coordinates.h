// A configuration as a row of numbers, one for each parameter of the space, for models that work on numbers.
// Three kinds of axes: a real one runs from 0 to 1 (space/unit.h); an ordered one has a few values in order,
// each a cell of the unit interval, and its coordinate is the value's place; a named one has choices without
// order, likewise by place. A domain of very many values is a real axis. The coordinate of an inactive
// parameter is not a number.
#pragma once

#include <vector>

#include "space/space.h"

namespace sm2::sampler {

struct Axis {
  enum class Kind { kReal, kOrdered, kNamed };

  Kind kind = Kind::kReal;
  std::vector<space::Value> values;  // of an ordered or named axis
  std::vector<double> units;         // of an ordered one: where its values lie in the unit interval
  std::vector<double> edges;         // likewise: its cells are edges[k] to edges[k + 1]

  // Of an ordered axis: the place of the cell that `unit` lies in.
  std::size_t cell(double unit) const;
  // Where a coordinate lies in the unit interval; of a named axis its place.
  double unit(double coordinate) const;
};

using Row = std::vector<double>;

class Coordinates {
 public:
  explicit Coordinates(const space::Space& space);

  const std::vector<Axis>& axes() const { return axes_; }
  // Axes in an order in which a parent precedes the parameters that depend on it.
  const std::vector<std::size_t>& parents_first() const { return parents_first_; }

  Row row(const space::Configuration& configuration) const;
  // Sets the parameter of `axis`, which must be active().
  void set(space::Configuration& configuration, std::size_t axis, double coordinate) const;
  // Whether the parameter of `axis` exists beside what has been set already; its parents must have been.
  bool active(const space::Configuration& configuration, std::size_t axis) const;

 private:
  std::vector<space::Parameter> parameters_;
  std::vector<Axis> axes_;
  std::vector<std::size_t> parents_first_;
};

}  // namespace sm2::sampler
