// `sm2-classic`: a reconstruction of the method of "Spend More to Save More" (arXiv 2412.08526), whose exact
// weights are not public. Successive halving over batch sizes (and samples of whatever else is tuned), ranked
// by the objective of performance, energy and stability (objective/objective.h). Where the learning rate is
// cycled, each stretch follows options.schedules.explore (a triangular cycle per unit of resource, unless told otherwise)
// between bounds that narrow, rung by rung, to where the loss fell and was stable. The stretch that reaches the most resource
// follows options.schedules.last: a cosine from the top of its bounds to the bottom, a one-cycle between them,
// or a constant at their middle. With a range test as explore, each candidate's bounds come from that first
// (strategy/range_testing.h), and the rungs follow triangular cycles.
#pragma once

#include <map>
#include <memory>

#include "strategy/halving.h"
#include "strategy/range_testing.h"

namespace sm2::strategy {

class Sm2Classic final : public Strategy {
 public:
  Sm2Classic(std::vector<Entry> entries, const space::Space& space, const Options& options,
             bool by_energy = false);

  trial::Decision ask() override;
  void tell(trial::TrialId trial, const trial::Stretch& stretch) override;
  Verdict judge(trial::TrialId trial, const trial::Stretch& so_far) override;

 private:
  void begin_race(std::vector<Entry> entries, std::map<trial::TrialId, trial::RateBounds> bounds);
  void end_test();

  Options options_;
  std::optional<trial::Schedule> first_;  // as first_schedule() has it
  bool by_energy_;
  std::optional<RangeTest> test_;  // until the race begins
  std::deque<trial::Drop> drops_;  // of the test
  std::unique_ptr<Halving> race_;
};

// What a first stretch follows: options.schedules.explore between the bounds of the space's learning rate, on its scale; absent
// when the rate is not cycled.
std::optional<trial::Schedule> first_schedule(const space::Space& space, const Options& options);

// The one learning rate to name when a trainer takes only one: the middle of the bounds on a log scale.
using trial::middle_rate;

}  // namespace sm2::strategy
