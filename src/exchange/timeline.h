// When trials began, were evaluated and ended: what other programs want of a study and its state does not keep. A fold of its
// events, as journal::StudyState is. Unix times.
#pragma once

#include <map>
#include <vector>

#include "base/quantity.h"
#include "trial/event.h"

namespace sm2::exchange {

struct Timeline {
  struct Trial {
    base::Seconds began;  // its first event
    base::Seconds ended;  // the last sign of its processes, or where there was none its last event
    std::vector<base::Seconds> evaluated;  // beside journal::Trial::evaluations
    bool ran = false;
  };

  std::map<trial::TrialId, Trial> trials;

  void apply(const trial::Event& event);
};

}  // namespace sm2::exchange
