// `sm2-classic`: a reconstruction of the method of "Spend More to Save More" (arXiv 2412.08526), whose exact
// weights are not public. Successive halving over batch sizes (and samples of whatever else is tuned), ranked
// by the objective of performance, energy and stability (objective/objective.h). Where the learning rate is
// cycled, each stretch follows one triangular cycle per unit of resource between bounds that narrow, rung by
// rung, to where the loss fell and was stable; the survivor trains on down a cosine from the top of its
// bounds to the bottom.
#pragma once

#include <map>

#include "strategy/halving.h"

namespace sm2::strategy {

class Sm2Classic final : public Halving {
 public:
  Sm2Classic(std::vector<Entry> entries, const space::Space& space, const Options& options,
             bool by_energy = false);

 private:
  std::vector<objective::Score> rank(const std::vector<const Entry*>& entries) const override;
  std::optional<trial::Schedule> schedule(Entry& entry, double from, double until, bool last) override;

  std::optional<trial::Schedule>
      cycle_;  // between the bounds of the space; absent when the rate is not cycled
  std::map<trial::TrialId, trial::RateBounds> bounds_;
};

// A triangular cycle per unit of resource between the bounds of the space's learning rate, on its scale, as a first stretch
// has it; absent when the rate is not cycled.
std::optional<trial::Schedule> first_schedule(const space::Space& space, const Options& options);

// The one learning rate to name when a trainer takes only one: the middle of the bounds on a log scale.
double middle_rate(const trial::RateBounds& bounds);

}  // namespace sm2::strategy
