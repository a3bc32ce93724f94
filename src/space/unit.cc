#include "space/unit.h"

#include <algorithm>
#include <cmath>

#include "base/match.h"
#include "space/integer.h"

namespace sm2::space {
namespace {

double place(double low, double high, Scale scale, double value) {
  if (scale == Scale::kLog) return std::log(value / low) / std::log(high / low);
  return value / (high - low) - low / (high - low);
}

double at(double low, double high, Scale scale, double share) {
  if (scale == Scale::kLog) return low * std::exp(share * std::log(high / low));
  return low * (1 - share) + high * share;
}

// The cell of `count` that `unit` lies in.
std::size_t cell(std::size_t count, double unit) {
  return std::min(count - 1, static_cast<std::size_t>(unit * static_cast<double>(count)));
}

double middle(std::size_t index, std::size_t count) {
  return (static_cast<double>(index) + 0.5) / static_cast<double>(count);
}

std::vector<Value> in_order(const Categorical& domain) {
  std::vector<Value> values = domain.values;
  if (std::ranges::all_of(values, is_number))
    std::ranges::stable_sort(values, {}, [](const Value& value) { return as_number(value); });
  return values;
}

struct Range {
  double low, high;
};

// From half a step below the first whole number to half a step above the last, so that every one has a cell; on a log scale
// no lower than half the first.
Range cells(const Integer& domain) {
  const double half = 0.5 * static_cast<double>(domain.step);
  const auto first = static_cast<double>(domain.low);
  const auto final = static_cast<double>(last(domain));
  return {domain.scale == Scale::kLog ? std::max(first - half, first / 2) : first - half, final + half};
}

Value nearest(const Real& domain, double value) {
  if (!domain.step) return std::clamp(value, domain.low, domain.high);
  const auto all = *cardinality(domain);
  const double row = std::round((value - domain.low) / *domain.step);
  return domain.low + std::clamp(row, 0.0, static_cast<double>(all - 1)) * *domain.step;
}

}  // namespace

double to_unit(const Domain& domain, const Value& value) {
  return std::visit(
      base::Match{[&](const Integer& integer) {
                    const Range range = cells(integer);
                    return place(range.low, range.high, integer.scale, as_number(value));
                  },
                  [&](const Real& real) { return place(real.low, real.high, real.scale, as_number(value)); },
                  [&](const Categorical& categorical) {
                    const auto values = in_order(categorical);
                    const auto found = std::ranges::find(values, value);
                    return middle(static_cast<std::size_t>(found - values.begin()), values.size());
                  }},
      domain);
}

Value from_unit(const Domain& domain, double unit) {
  const double share = std::clamp(unit, 0.0, 1.0);
  return std::visit(
      base::Match{[&](const Integer& integer) {
                    const Range range = cells(integer);
                    return Value(nearest(integer, at(range.low, range.high, integer.scale, share)));
                  },
                  [&](const Real& real) { return nearest(real, at(real.low, real.high, real.scale, share)); },
                  [&](const Categorical& categorical) {
                    const auto values = in_order(categorical);
                    return values[cell(values.size(), share)];
                  }},
      domain);
}

bool ordered(const Domain& domain) {
  const auto* categorical = std::get_if<Categorical>(&domain);
  return !categorical || std::ranges::all_of(categorical->values, is_number);
}

}  // namespace sm2::space
