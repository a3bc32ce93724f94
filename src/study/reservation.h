// An energy budget among trials that run at once: what those that run are expected to use still is reserved, so that no
// other is started on it. What one reservation was wrong by is what a budget can be exceeded by. Its cost does not grow with
// what runs.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <unordered_map>

#include "journal/state.h"
#include "trial/event.h"

namespace sm2::study {

class Reservation {
 public:
  explicit Reservation(
      const journal::StudyState& before = {});  // a study that goes on, of which nothing runs

  // Once for each event from there, in order. `after` is the state with the event in it.
  void see(const trial::EventBody& event, const journal::StudyState& after);

  // What the running stretches still need, at what a unit of the resource has taken so far: in the trial itself, or, where it
  // has not evaluated yet, at the last evaluations of any. A stretch of which nothing is known counts as nothing.
  base::Joules total() const;

 private:
  struct Stretch {
    double left = 0;  // of the resource
    std::optional<double> joules_per_unit;
  };

  void learn(const journal::Trial& trial);
  void reserve(const journal::Trial& trial);
  void settle(trial::TrialId trial);

  std::unordered_map<trial::TrialId, Stretch> running_;
  double joules_ = 0;          // of those that have evaluated
  double left_ = 0;            // resource, of the others
  std::deque<double> latest_;  // joules per unit at the last evaluations
};

}  // namespace sm2::study
