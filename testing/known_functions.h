// Functions to be minimised whose least value is known, as samplers' tests use them, and how near a sampler
// comes. Branin, Hartmann-6 and Rosenbrock as in Surjanovic and Bingham's Virtual Library of Simulation
// Experiments.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numbers>
#include <string>
#include <vector>

#include "sampler/sampler.h"

namespace sm2::testing {

struct KnownFunction {
  space::Space space;
  std::function<double(const space::Configuration&)> loss;
  double least = 0;
};

inline double number(const space::Configuration& configuration, const std::string& name) {
  return space::as_number(configuration.at(name));
}

inline space::Parameter real(std::string name, double low, double high) {
  return {std::move(name), space::Real{low, high, {}, space::Scale::kLinear}, {}};
}

inline space::Parameter integer(std::string name, std::int64_t low, std::int64_t high) {
  return {std::move(name), space::Integer{low, high, 1, space::Scale::kLinear}, {}};
}

inline KnownFunction of_reals(int dimensions, double low, double high,
                              std::function<double(const std::vector<double>&)> function, double least = 0) {
  std::vector<space::Parameter> parameters;
  for (int at = 0; at < dimensions; ++at) parameters.push_back(real("x" + std::to_string(at), low, high));
  const auto loss = [dimensions, function = std::move(function)](const space::Configuration& configuration) {
    std::vector<double> x;
    for (int at = 0; at < dimensions; ++at) x.push_back(number(configuration, "x" + std::to_string(at)));
    return function(x);
  };
  return {*space::Space::make(std::move(parameters)), loss, least};
}

inline KnownFunction sphere() {  // least at (1, ..., 1), off the middle of the space
  return of_reals(5, -5, 5, [](const std::vector<double>& x) {
    double sum = 0;
    for (const double at : x) sum += (at - 1) * (at - 1);
    return sum;
  });
}

inline KnownFunction corner() {  // least where every parameter is at its lower bound
  return of_reals(5, 0, 1, [](const std::vector<double>& x) {
    double sum = 0;
    for (const double at : x) sum += at * at + at;
    return sum;
  });
}

inline KnownFunction ellipsoid() {  // of condition 1e6
  return of_reals(5, -5, 5, [](const std::vector<double>& x) {
    double sum = 0, weight = 1;
    for (const double at : x) {
      sum += weight * (at - 1) * (at - 1);
      weight *= std::pow(1e6, 0.25);
    }
    return sum;
  });
}

inline KnownFunction rosenbrock() {
  return of_reals(5, -2, 2, [](const std::vector<double>& x) {
    double sum = 0;
    for (std::size_t at = 0; at + 1 < x.size(); ++at)
      sum += 100 * std::pow(x[at + 1] - x[at] * x[at], 2) + std::pow(1 - x[at], 2);
    return sum;
  });
}

inline KnownFunction branin() {
  const auto loss = [](const space::Configuration& configuration) {
    constexpr double kPi = std::numbers::pi;
    const double x = number(configuration, "x"), y = number(configuration, "y");
    return std::pow(y - 5.1 / (4 * kPi * kPi) * x * x + 5 / kPi * x - 6, 2) +
           10 * (1 - 1 / (8 * kPi)) * std::cos(x) + 10;
  };
  return {*space::Space::make({real("x", -5, 10), real("y", 0, 15)}), loss, 0.397887357729739};
}

inline KnownFunction hartmann() {
  const auto loss = [](const std::vector<double>& x) {
    constexpr double kHeights[4] = {1, 1.2, 3, 3.2};
    constexpr double kWidths[4][6] = {{10, 3, 17, 3.5, 1.7, 8},
                                      {0.05, 10, 17, 0.1, 8, 14},
                                      {3, 3.5, 1.7, 10, 17, 8},
                                      {17, 8, 0.05, 10, 0.1, 14}};
    constexpr double kPlaces[4][6] = {{0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886},
                                      {0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991},
                                      {0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650},
                                      {0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381}};
    double sum = 0;
    for (int peak = 0; peak < 4; ++peak) {
      double exponent = 0;
      for (int at = 0; at < 6; ++at)
        exponent += kWidths[peak][at] * std::pow(x[static_cast<std::size_t>(at)] - kPlaces[peak][at], 2);
      sum -= kHeights[peak] * std::exp(-exponent);
    }
    return sum;
  };
  return of_reals(6, 0, 1, loss, -3.32236801141551);
}

inline KnownFunction mixed_sphere() {  // three reals, three whole numbers
  std::vector<space::Parameter> parameters;
  for (const char* name : {"a", "b", "c"}) parameters.push_back(real(name, -5, 5));
  for (const char* name : {"i", "j", "k"}) parameters.push_back(integer(name, -10, 10));
  const auto loss = [](const space::Configuration& configuration) {
    double sum = 0;
    for (const char* name : {"a", "b", "c"}) sum += std::pow(number(configuration, name) - 1, 2);
    for (const char* name : {"i", "j", "k"}) sum += std::pow(number(configuration, name) - 3, 2);
    return sum;
  };
  return {*space::Space::make(std::move(parameters)), loss, 0};
}

// Choices with and without order, a conditional parameter under each; least 0 at adam, relu, 1e-3, 64.
inline KnownFunction training() {
  using space::Value;
  const auto text = [](const char* word) { return Value(std::string(word)); };
  std::vector<space::Parameter> parameters = {
      {"optimizer", space::Categorical{{text("sgd"), text("adam"), text("lion")}}, {}},
      {"activation", space::Categorical{{text("tanh"), text("relu")}}, {}},
      {"learning_rate", space::Real{1e-5, 1, {}, space::Scale::kLog}, {}},
      {"batch_size", space::Categorical{{std::int64_t{16}, std::int64_t{64}, std::int64_t{256}}}, {}},
      {"momentum", space::Real{0, 1, {}, space::Scale::kLinear},
       space::Condition{"optimizer", {text("sgd")}}},
      {"beta", space::Real{0, 1, {}, space::Scale::kLinear}, space::Condition{"optimizer", {text("adam")}}},
  };
  const auto loss = [text](const space::Configuration& configuration) {
    const bool adam = configuration.at("optimizer") == text("adam");
    const double rate = std::log10(number(configuration, "learning_rate")) + (adam ? 3 : 1);
    double sum = rate * rate + (adam ? 0 : 0.5) + (configuration.at("activation") == text("relu") ? 0 : 0.4);
    sum += 0.1 * std::abs(std::log2(number(configuration, "batch_size")) - 6);
    if (configuration.contains("momentum")) sum += std::pow(number(configuration, "momentum") - 0.9, 2);
    if (configuration.contains("beta")) sum += std::pow(number(configuration, "beta") - 0.8, 2);
    return sum;
  };
  return {*space::Space::make(std::move(parameters)), loss, 0};
}

// The best loss above the least one after `trials`, with as many suggestions pending as workers; tells come
// in a random order.
inline double regret(sampler::Sampler& sampler, const KnownFunction& function, int trials, int workers = 1) {
  struct Pending {
    int id;
    double loss;
  };
  base::Random order(1);
  std::vector<Pending> pending;
  double best = std::numeric_limits<double>::infinity();
  int next = 0;
  for (int told = 0; told < trials; ++told) {
    while (static_cast<int>(pending.size()) < workers) {
      pending.push_back({next, function.loss(sampler.suggest(next))});
      ++next;
    }
    const auto done = pending.begin() + static_cast<std::ptrdiff_t>(order.index(pending.size()));
    sampler.tell(done->id, {-done->loss, 1});
    best = std::min(best, done->loss);
    pending.erase(done);
  }
  return best - function.least;
}

// The median regret over five seeds.
inline double median_regret(sampler::Make* make, const KnownFunction& function, int trials, int workers = 1) {
  std::vector<double> regrets;
  for (std::uint64_t seed = 0; seed < 5; ++seed)
    regrets.push_back(regret(*make(function.space, seed), function, trials, workers));
  std::ranges::nth_element(regrets, regrets.begin() + 2);
  return regrets[2];
}

}  // namespace sm2::testing
