#include "report/checkpoints.h"

namespace sm2::report {

void Checkpoints::tell(const trial::Event& event) {
  const auto* body = std::get_if<trial::Checkpointed>(&event.body);
  if (body == nullptr) return;
  OfTrial& trial = trials_[body->trial];
  ++trial.all;
  trial.latest.push_back({body->name, body->resource});
  if (trial.latest.size() > kMostCheckpoints) trial.latest.pop_front();
}

const Checkpoints::OfTrial& Checkpoints::of(trial::TrialId trial) const {
  static const OfTrial none;
  const auto found = trials_.find(trial);
  return found == trials_.end() ? none : found->second;
}

}  // namespace sm2::report
