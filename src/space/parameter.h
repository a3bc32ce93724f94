// What one parameter may be: whole numbers, reals or named choices, with the scale it is searched on, and the
// condition under which it exists at all.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "space/value.h"

namespace sm2::space {

enum class Scale { kLinear, kLog };

struct Integer {  // low, low + step, ... up to high
  std::int64_t low = 0;
  std::int64_t high = 0;
  std::int64_t step = 1;
  Scale scale = Scale::kLinear;
  bool operator==(const Integer&) const = default;
};

struct Real {  // low to high, both included; with a step: low, low + step, ...
  double low = 0;
  double high = 0;
  std::optional<double> step;
  Scale scale = Scale::kLinear;
  bool operator==(const Real&) const = default;
};

struct Categorical {
  std::vector<Value> values;
  bool operator==(const Categorical&) const = default;
};

using Domain = std::variant<Integer, Real, Categorical>;

struct Condition {  // active when `parent` is active and has one of `values`
  std::string parent;
  std::vector<Value> values;
  bool operator==(const Condition&) const = default;
};

struct Parameter {
  std::string name;
  Domain domain;
  std::optional<Condition> condition;
  bool operator==(const Parameter&) const = default;
};

// Whether the domain can be searched at all: low below high, step positive, log scale above zero, values
// distinct, ...
base::Result<> check(const Domain& domain);

bool contains(const Domain& domain, const Value& value);

// Uniform on the domain's scale.
Value sample(const Domain& domain, base::Random& random);

// The domain's values if they are at most `points`, else `points` of them spread evenly on its scale, ends
// included.
std::vector<Value> grid(const Domain& domain, std::size_t points);

// The number of different values; nothing when the domain is continuous.
std::optional<std::uint64_t> cardinality(const Domain& domain);

}  // namespace sm2::space
