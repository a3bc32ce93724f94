// Which configuration to try next, from what earlier ones gave. A sampler is pure: the same space, seed and order of
// calls give the same configurations, bit for bit. It knows nothing of rungs, budgets or time; strategies
// (strategy/sampled.h, asha, hyperband, bohb) decide how long each is trained.
//
// Contract, held by tests/contract/sampler_test.cc for every sampler in the table:
// - every suggestion is contained in the space, inactive conditional parameters absent;
// - suggestions that have not been told are pending: a sampler for parallel work does not ask for the same again and
//   again (constant liar, or its like);
// - a failed trial (told without a value) is no error, and is not better than any that has one;
// - tells may come in any order, several for one trial: the last at the highest resource counts.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "space/space.h"

namespace sm2::sampler {

struct Observation {
  std::optional<double> value;  // higher is better; absent: failed, diverged or nothing reported
  double resource = 1;          // that it was trained for
};

class Sampler {
 public:
  virtual ~Sampler() = default;
  // The configuration of trial `id`; ids are new and grow.
  virtual space::Configuration suggest(int id) = 0;
  // `id` is one that was suggested.
  virtual void tell(int id, const Observation& observation) = 0;
  // Before the first suggestion: a configuration of the space that was tried elsewhere, and what it came to, at growing resource.
  // A sampler that has no use for it leaves it aside.
  virtual void recall(const space::Configuration&, const std::vector<Observation>&) {}
};

using Make = std::unique_ptr<Sampler>(const space::Space& space, std::uint64_t seed);

// The names in the table (sampler/table.cc), in the order they are documented: "random", "sobol", "tpe", "cmaes",
// "evolution", "differential-evolution", "reinforce".
std::vector<std::string> names();

// Fails when the name is unknown.
base::Result<std::unique_ptr<Sampler>> make(std::string_view name, const space::Space& space,
                                            std::uint64_t seed);

}  // namespace sm2::sampler
