// What the strategy says of trials while they run: judge() is asked at each evaluation that is journalled, finite, short
// of its stretch's end and of the study's target, until it has answered other than to continue; that verdict then stands
// until the stretch ends. All of it follows from the events in their order, so that a study that is resumed is told the
// same verdicts as one that never stopped, although none of them is journalled.
#pragma once

#include <map>
#include <vector>

#include "config/spec.h"
#include "journal/state.h"
#include "strategy/strategy.h"
#include "study/comparable.h"

namespace sm2::study {

inline constexpr double kResourceSlack = 1e-9;  // resources are often sums of fractions

class Verdicts {
 public:
  // All outlive it, and are asked, told and shown the same events, `comparable` before it.
  Verdicts(const config::Spec& spec, strategy::Strategy& strategy, Comparable& comparable)
      : spec_(spec), strategy_(strategy), comparable_(comparable) {}

  // Once for each event, in order. `after` is the state with the event in it.
  void see(const trial::EventBody& event, const journal::StudyState& after);

  // On the trial's current stretch; null as long as it is to continue.
  const strategy::Verdict* of(trial::TrialId trial) const;

  // Trials with an evaluation that reached the study's target, in order.
  const std::vector<trial::TrialId>& on_target() const { return on_target_; }

 private:
  void judge(const trial::Evaluated& evaluated, const journal::Trial& trial);

  const config::Spec& spec_;
  strategy::Strategy& strategy_;
  Comparable& comparable_;
  std::map<trial::TrialId, strategy::Verdict> standing_;
  std::vector<trial::TrialId> on_target_;
};

}  // namespace sm2::study
