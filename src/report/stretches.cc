#include "report/stretches.h"

namespace sm2::report {

std::vector<Stretch> stretches(const journal::Trial& trial) {
  std::vector<Stretch> parts;
  if (trial.energy.empty()) return parts;
  Spent before{base::Joules(0), base::Joules(0)};
  for (const journal::Segment& segment : trial.segments) {
    const Spent after = spent(segment.outcome ? segment.energy : trial.energy);
    parts.push_back({segment.train.rung, segment.train.until, after - before});
    before = after;
  }
  return parts;
}

}  // namespace sm2::report
