// `bohb` (Falkner et al. 2018, arXiv 1807.01774): hyperband (strategy/hyperband.h) whose configurations come
// from a model of what earlier ones gave, here the sampler `tpe`, told at every rung. A fraction rho = 1/3 is
// drawn at random (section 4.1), which keeps hyperband's guarantee whatever the model believes. The model
// knows what it suggested; random configurations are not told to it.
#pragma once

#include <memory>
#include <unordered_set>

#include "base/random.h"
#include "sampler/sampler.h"

namespace sm2::strategy {

inline constexpr double kRandomFraction = 1.0 / 3;

// Suggestions of `model`, and with probability kRandomFraction a draw from the space instead.
class PartlyRandom final : public sampler::Sampler {
 public:
  PartlyRandom(space::Space space, std::uint64_t seed, std::unique_ptr<sampler::Sampler> model);

  space::Configuration suggest(int id) override;
  void tell(int id, const sampler::Observation& observation) override;

 private:
  space::Space space_;
  base::Random random_;
  std::unique_ptr<sampler::Sampler> model_;
  std::unordered_set<int> drawn_;  // ids that the model does not know
};

}  // namespace sm2::strategy
