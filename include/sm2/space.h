// What can be tuned: parameters with names, made in one expression.
//
//   sm2::Space space;
//   space.add("learning_rate", sm2::log_range(1e-4, 1.0))
//       .add("optimizer", sm2::choice({"sgd", "adam"}))
//       .add("momentum", sm2::range(0.8, 0.99), sm2::when("optimizer", {"sgd"}));
//
// Plain values: nothing is checked here; what takes a space (sm2/tuner.h) throws sm2::Error, which names the parameter,
// when a range is empty, a name is used twice, or a condition leads nowhere.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace sm2 {

// Integers and reals are different values: 1 and 1.0 do not compare equal.
using Value = std::variant<bool, std::int64_t, double, std::string>;

struct Range {  // reals from low to high, both included; with a step: low, low + step, ...
  double low = 0;
  double high = 1;
  std::optional<double> step = {};
  bool log = false;  // searched on a logarithmic scale; low > 0 then
};

struct Integers {  // low, low + step, ... up to high
  std::int64_t low = 0;
  std::int64_t high = 1;
  std::int64_t step = 1;
  bool log = false;
};

struct Choice {  // one of the values; choices that are all numbers are known to have an order
  std::vector<Value> values;
};

using Domain = std::variant<Range, Integers, Choice>;

inline Range range(double low, double high, std::optional<double> step = {}) {
  return {low, high, step, false};
}
inline Range log_range(double low, double high) { return {low, high, {}, true}; }
inline Integers integers(std::int64_t low, std::int64_t high, std::int64_t step = 1) {
  return {low, high, step, false};
}
inline Integers log_integers(std::int64_t low, std::int64_t high) { return {low, high, 1, true}; }
inline Choice choice(std::vector<Value> values) { return {std::move(values)}; }

struct Condition {  // the parameter exists where `parent` exists and has one of `values`
  std::string parent;
  std::vector<Value> values;
};

inline Condition when(std::string parent, std::vector<Value> values) {
  return {std::move(parent), std::move(values)};
}

class Space {
 public:
  struct Parameter {
    std::string name;
    Domain domain;
    std::optional<Condition> condition;
  };

  Space& add(std::string name, Domain domain, std::optional<Condition> condition = {}) {
    parameters_.push_back({std::move(name), std::move(domain), std::move(condition)});
    return *this;
  }

  const std::vector<Parameter>& parameters() const { return parameters_; }

 private:
  std::vector<Parameter> parameters_;
};

}  // namespace sm2
