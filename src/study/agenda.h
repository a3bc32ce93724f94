// When something is next to be done about each of many: one time each, soonest first. O(log n) to change, O(1) to look.
#pragma once

#include <optional>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/quantity.h"
#include "trial/decision.h"

namespace sm2::study {

class Agenda {
 public:
  void set(trial::TrialId trial, base::Seconds when);  // in place of what was set before
  void erase(trial::TrialId trial);

  std::optional<base::Seconds> next() const;
  std::vector<trial::TrialId> due(
      base::Seconds now) const;  // by growing id; they stay until they are set anew

 private:
  std::unordered_map<trial::TrialId, base::Seconds> when_;
  std::set<std::pair<base::Seconds, trial::TrialId>> by_time_;
};

}  // namespace sm2::study
