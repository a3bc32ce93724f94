// The checkpoints that trials announced. Of each trial the latest and how many there were, as a trial may announce one at every
// step. Feed it every event, in order.
#pragma once

#include <deque>
#include <map>
#include <string>

#include "trial/event.h"

namespace sm2::report {

inline constexpr std::size_t kMostCheckpoints = 20;  // that are kept of a trial

class Checkpoints {
 public:
  struct Announced {
    std::string name;
    double resource = 0;
    bool operator==(const Announced&) const = default;
  };
  struct OfTrial {
    std::size_t all = 0;
    std::deque<Announced> latest;  // the last one last
  };

  void tell(const trial::Event& event);
  const OfTrial& of(trial::TrialId trial) const;

 private:
  std::map<trial::TrialId, OfTrial> trials_;
};

}  // namespace sm2::report
