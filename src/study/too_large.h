// Configurations that did not fit into memory in this session of a study, so that no process is started for another one that
// needs no less (strategy/memory_need.h), whatever the strategy. It is told as out of memory, without having used
// anything. Of this session only: the next one may have another machine or another limit.
#pragma once

#include <optional>
#include <vector>

#include "space/configuration.h"
#include "trial/decision.h"
#include "trial/outcome.h"

namespace sm2::study {

class TooLarge {
 public:
  void add(trial::TrialId trial, space::Configuration configuration);

  // What becomes of a trial that is about to start; nothing where it may fit.
  std::optional<trial::Outcome> outcome_of(const space::Configuration& configuration) const;

 private:
  struct Failed {
    trial::TrialId trial = 0;
    space::Configuration configuration;
  };
  std::vector<Failed> failed_;  // none needs no less than another
};

}  // namespace sm2::study
