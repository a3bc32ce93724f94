#include "sampler/coordinates.h"

#include <algorithm>
#include <limits>
#include <set>

#include "space/unit.h"

namespace sm2::sampler {
namespace {

constexpr std::uint64_t kMostCells = 32;  // with more, neighbours are so close that cells matter no longer

Axis make_axis(const space::Domain& domain) {
  Axis axis;
  const auto count = space::cardinality(domain);
  const bool named = !space::ordered(domain);
  if (!named && (!count || *count > kMostCells)) return axis;
  axis.kind = named ? Axis::Kind::kNamed : Axis::Kind::kOrdered;
  axis.values = space::grid(domain, *count);
  if (named) return axis;
  std::ranges::stable_sort(axis.values, {},
                           [](const space::Value& value) { return space::as_number(value); });
  for (const space::Value& value : axis.values) axis.units.push_back(space::to_unit(domain, value));
  axis.edges.push_back(0);
  for (std::size_t k = 1; k < axis.units.size(); ++k)
    axis.edges.push_back((axis.units[k - 1] + axis.units[k]) / 2);
  axis.edges.push_back(1);
  return axis;
}

}  // namespace

std::size_t Axis::cell(double unit) const {
  const auto above = std::upper_bound(edges.begin() + 1, edges.end() - 1, unit);
  return static_cast<std::size_t>(above - edges.begin()) - 1;
}

double Axis::unit(double coordinate) const {
  return kind == Kind::kOrdered ? units[static_cast<std::size_t>(coordinate)] : coordinate;
}

Coordinates::Coordinates(const space::Space& space) : parameters_(space.parameters()) {
  for (const space::Parameter& parameter : parameters_) axes_.push_back(make_axis(parameter.domain));
  std::set<std::string> placed;
  while (placed.size() < parameters_.size()) {
    for (std::size_t axis = 0; axis < parameters_.size(); ++axis) {
      const auto& condition = parameters_[axis].condition;
      if (condition && !placed.contains(condition->parent)) continue;
      if (placed.insert(parameters_[axis].name).second) parents_first_.push_back(axis);
    }
  }
}

Row Coordinates::row(const space::Configuration& configuration) const {
  Row row(axes_.size(), std::numeric_limits<double>::quiet_NaN());
  for (std::size_t axis = 0; axis < axes_.size(); ++axis) {
    const auto value = configuration.find(parameters_[axis].name);
    if (value == configuration.end()) continue;
    const auto& values = axes_[axis].values;
    row[axis] = axes_[axis].kind == Axis::Kind::kReal
                    ? space::to_unit(parameters_[axis].domain, value->second)
                    : static_cast<double>(std::ranges::find(values, value->second) - values.begin());
  }
  return row;
}

void Coordinates::set(space::Configuration& configuration, std::size_t axis, double coordinate) const {
  const Axis& held = axes_[axis];
  configuration[parameters_[axis].name] = held.kind == Axis::Kind::kReal
                                              ? space::from_unit(parameters_[axis].domain, coordinate)
                                              : held.values[static_cast<std::size_t>(coordinate)];
}

bool Coordinates::active(const space::Configuration& configuration, std::size_t axis) const {
  const auto& condition = parameters_[axis].condition;
  if (!condition) return true;
  const auto parent = configuration.find(condition->parent);
  return parent != configuration.end() &&
         std::ranges::find(condition->values, parent->second) != condition->values.end();
}

}  // namespace sm2::sampler
