// `pbt`: population based training (Jaderberg et al. 2017, arXiv 1711.09846). options.candidates (8) members
// train at the same time, in intervals of resource_min, up to resource_max each. Before a member trains on it
// looks at the last metrics of the population: if it is among the worst fifth, it exploits and explores
// (truncation selection, section 4.1.1),
//
//   exploit   it goes on from a copy of the checkpoint of a member drawn from the best fifth: a new trial,
//             whose first Train names the better trial as its parent; its own trial is dropped
//   explore   the copied configuration is perturbed: each value is drawn anew with probability 1/4; else it
//             moves up or down by a tenth of its range on its scale, or to the next value where that is
//             further (the paper multiplies by 0.8 or 1.2). Choices without an order stay unless drawn anew
//
// Asynchronous by member: whoever has trained least goes first, and nobody waits, except a member that has to
// copy while every trial it may copy is running. It copies only what has trained at least as far and is
// strictly better, so that no stretch is trained again for nothing. A fifth is rounded up, and is at most
// half of the population. A member whose trial fails copies likewise, from whatever resource, and leaves at
// the third failure on end. Of equal metrics the earlier trial's is better. The winner is the best member at
// the end.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "base/random.h"
#include "strategy/strategy.h"

namespace sm2::strategy {

// `configuration` changed as explore says; parameters that its changes make active are drawn.
space::Configuration perturb(const space::Space& space, const space::Configuration& configuration,
                             base::Random& random);

class Pbt final : public Strategy {
 public:
  Pbt(const space::Space& space, std::vector<space::Configuration> population, const Options& options);

  trial::Decision ask() override;
  void tell(trial::TrialId trial, const trial::Stretch& stretch) override;

 private:
  struct Member {
    trial::TrialId trial = 0;
    space::Configuration configuration;
    double trained = 0;  // resource that its trial was asked to come to, and came or ended
    double until = 0;    // likewise, while it runs
    std::optional<double>
        metric;        // that it told last; absent before the first interval, and when that failed
    int failures = 0;  // on end
    bool running = false;
  };

  std::vector<Member*> ready();               // who may train, in order
  std::vector<const Member*> ranked() const;  // members with a metric, best first
  // Whom the member may copy; nothing when it need not.
  std::optional<std::vector<const Member*>> sources(const Member& member) const;
  trial::Train train(Member& member, double from);
  trial::Decision copy(Member& member, const Member& source);

  space::Space space_;
  Options options_;
  base::Random random_;
  std::vector<Member> members_;
  trial::TrialId next_trial_ = 0;
  std::map<trial::TrialId, std::size_t> running_;  // the member, by trial
  std::optional<trial::Train> copying_;            // follows a drop
};

}  // namespace sm2::strategy
