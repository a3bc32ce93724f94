// The learning-rate range test (Smith, arXiv 1506.01186, 3.3) of every candidate before a race: one rise from the bottom of
// the space's learning rates to the top over the first rung. Where the loss fell and was stable are the bounds that the candidate
// races between (objective/stability.h).
//
// A test ends where it does harm, at the highest rate, so that its weights are worth little and its metric says less of the
// candidate than of its top rate. Each candidate therefore starts afresh after its test, as a new trial. A test that
// diverges has found what it looked for; any other failure takes the candidate out.
#pragma once

#include <deque>
#include <map>
#include <set>

#include "strategy/halving.h"

namespace sm2::strategy {

class RangeTest {
 public:
  // Entries may have trained under `rise` already. New trials are numbered from `next_trial`.
  RangeTest(std::vector<Entry> entries, const trial::Schedule& rise, trial::TrialId next_trial,
            std::uint64_t seed);

  std::optional<trial::Train> next();  // nothing when all have begun
  void tell(trial::TrialId trial, const trial::Stretch& stretch);
  bool over() const { return pending_.empty() && running_.empty(); }

  // When it is over: the tests that end, who races, and between which bounds.
  struct Result {
    std::deque<trial::Drop> drops;
    std::vector<Entry> entries;
    std::map<trial::TrialId, trial::RateBounds> bounds;
  };
  Result result() const;

 private:
  std::vector<Entry> entries_;
  trial::Schedule rise_;
  trial::TrialId next_trial_;
  std::deque<std::size_t> pending_;  // in random order
  std::set<trial::TrialId> running_;
};

// Whether a rise that ended so has found what it looked for: it came to its end, or it diverged.
bool tested(const trial::Outcome& outcome);

// The part of `bounds` in which a stretch was stable; all of it where it does not say.
trial::RateBounds narrowed(const trial::RateBounds& bounds, const trial::Stretch& stretch);

}  // namespace sm2::strategy
