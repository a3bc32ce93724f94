#include "sampler/parzen.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace sm2::sampler {
namespace {

constexpr double kNegligible = 25;  // e^-25 of the uniform part changes no comparison

// The standard normal distribution's mass between two points.
double mass(double low, double high) {
  // Both in the same tail: the complements do not cancel.
  if (low > 0) return mass(-high, -low);
  return 0.5 * (std::erfc(-high / std::numbers::sqrt2) - std::erfc(-low / std::numbers::sqrt2));
}

double log_peak(double mean, double width) {
  return -std::log(width * std::sqrt(2 * std::numbers::pi) * mass(-mean / width, (1 - mean) / width));
}

// A normal draw around a mean in [0, 1], repeated until it falls inside.
double cut_normal(double mean, double width, base::Random& random) {
  while (true) {
    const double drawn = mean + width * random.normal();
    if (drawn >= 0 && drawn <= 1) return drawn;
  }
}

// ln of the mass of each cell under a cut Gaussian around each value, and uniformly: [value][row's value].
std::vector<double> ordered_masses(const Axis& axis, double width) {
  const std::size_t count = axis.values.size();
  std::vector<double> masses(count * (count + 1));
  for (std::size_t own = 0; own < count; ++own) {
    const double mean = axis.units[own];
    const double inside = mass(-mean / width, (1 - mean) / width);
    for (std::size_t value = 0; value < count; ++value) {
      const double in_cell = mass((axis.edges[value] - mean) / width, (axis.edges[value + 1] - mean) / width);
      masses[value * (count + 1) + own] = std::log(std::max(in_cell / inside, 1e-300));
    }
  }
  for (std::size_t value = 0; value < count; ++value)
    masses[value * (count + 1) + count] = std::log(axis.edges[value + 1] - axis.edges[value]);
  return masses;
}

std::vector<double> named_masses(const Axis& axis, double width) {
  const std::size_t count = axis.values.size();
  const auto choices = static_cast<double>(count);
  std::vector<double> masses(count * (count + 1), std::log(width / (1 + choices * width)));
  for (std::size_t value = 0; value < count; ++value) {
    masses[value * (count + 1) + value] = std::log((1 + width) / (1 + choices * width));
    masses[value * (count + 1) + count] = -std::log(choices);
  }
  return masses;
}

}  // namespace

Parzen::Parzen(const Coordinates& coordinates)
    : coordinates_(&coordinates), columns_(coordinates.axes().size()) {
  set_widths(Row(columns_.size(), 1));
}

void Parzen::add(const Row& row) {
  for (std::size_t axis = 0; axis < columns_.size(); ++axis) {
    const Axis& kind = coordinates_->axes()[axis];
    if (kind.kind == Axis::Kind::kReal) {
      add_real(columns_[axis], row[axis]);
    } else {
      const double place = std::isnan(row[axis]) ? static_cast<double>(kind.values.size()) : row[axis];
      columns_[axis].place.push_back(static_cast<std::uint32_t>(place));
    }
  }
  ++size_;
}

void Parzen::add_real(Column& column, double coordinate) const {
  const bool lacking = std::isnan(coordinate);
  column.at.push_back(lacking ? 0 : coordinate);
  column.inverse_width.push_back(lacking ? 0 : 1 / column.width);
  column.log_peak.push_back(lacking ? 0 : log_peak(coordinate, column.width));
}

void Parzen::set_widths(const Row& widths) {
  for (std::size_t axis = 0; axis < columns_.size(); ++axis) set_width(axis, widths[axis]);
}

void Parzen::set_width(std::size_t axis, double width) {
  Column& column = columns_[axis];
  if (column.width == width) return;
  column.width = width;
  const Axis& kind = coordinates_->axes()[axis];
  if (kind.kind == Axis::Kind::kOrdered) column.log_mass = ordered_masses(kind, width);
  if (kind.kind == Axis::Kind::kNamed) column.log_mass = named_masses(kind, width);
  for (std::size_t row = 0; row < column.at.size(); ++row) {
    if (column.inverse_width[row] == 0) continue;
    column.inverse_width[row] = 1 / width;
    column.log_peak[row] = log_peak(column.at[row], width);
  }
}

space::Configuration Parzen::sample(const Weights& weights, base::Random& random) const {
  double left = random.uniform() * std::accumulate(weights.rows.begin(), weights.rows.end(), weights.uniform);
  std::size_t row = size_;  // none: uniform
  for (std::size_t k = 0; k < weights.rows.size() && row == size_; ++k) {
    left -= weights.rows[k];
    if (left < 0) row = weights.first + k;
  }
  space::Configuration configuration;
  for (const std::size_t axis : coordinates_->parents_first()) {
    if (!coordinates_->active(configuration, axis)) continue;
    coordinates_->set(configuration, axis, draw(axis, row, random));
  }
  return configuration;
}

double Parzen::draw_uniform(const Axis& axis, base::Random& random) const {
  switch (axis.kind) {
    case Axis::Kind::kReal:
      return random.uniform();
    case Axis::Kind::kOrdered:
      return static_cast<double>(axis.cell(random.uniform()));
    case Axis::Kind::kNamed:
      return static_cast<double>(random.index(axis.values.size()));
  }
  return 0;
}

double Parzen::draw(std::size_t axis, std::size_t row, base::Random& random) const {
  const Axis& kind = coordinates_->axes()[axis];
  const Column& column = columns_[axis];
  const std::size_t count = kind.values.size();
  if (row == size_) return draw_uniform(kind, random);
  if (kind.kind == Axis::Kind::kReal)
    return column.inverse_width[row] == 0 ? random.uniform()
                                          : cut_normal(column.at[row], column.width, random);
  const std::size_t own = column.place[row];
  if (own == count) return draw_uniform(kind, random);
  if (kind.kind == Axis::Kind::kOrdered)
    return static_cast<double>(kind.cell(cut_normal(kind.units[own], column.width, random)));
  const double anything = static_cast<double>(count) * column.width;
  return random.uniform() * (1 + anything) < 1 ? static_cast<double>(own) : draw_uniform(kind, random);
}

double Parzen::log_density(const Row& point, const Weights& weights) const {
  const std::size_t rows = weights.rows.size();
  std::vector<double> exponents(rows, 0);
  double log_uniform = std::log(weights.uniform);
  for (std::size_t axis = 0; axis < point.size(); ++axis) {
    if (std::isnan(point[axis])) continue;
    const Column& column = columns_[axis];
    const Axis& kind = coordinates_->axes()[axis];
    if (kind.kind == Axis::Kind::kReal) {
      const double x = point[axis];
      const double* at = column.at.data() + weights.first;
      const double* inverse_width = column.inverse_width.data() + weights.first;
      const double* peak = column.log_peak.data() + weights.first;
      for (std::size_t k = 0; k < rows; ++k) {
        const double away = (x - at[k]) * inverse_width[k];
        exponents[k] += peak[k] - 0.5 * away * away;
      }
    } else {
      const std::size_t count = kind.values.size();
      const double* log_mass = column.log_mass.data() + static_cast<std::size_t>(point[axis]) * (count + 1);
      const std::uint32_t* place = column.place.data() + weights.first;
      for (std::size_t k = 0; k < rows; ++k) exponents[k] += log_mass[place[k]];
      log_uniform += log_mass[count];
    }
  }
  double relative = 1;  // to the uniform part
  for (std::size_t k = 0; k < rows; ++k) {
    const double exponent = exponents[k] - log_uniform;
    if (exponent > -kNegligible && weights.rows[k] > 0) relative += weights.rows[k] * std::exp(exponent);
  }
  return log_uniform + std::log(relative);
}

}  // namespace sm2::sampler
