#include "testing/witness.h"

#include <fmt/format.h>

namespace sm2::testing {

using base::Joules;

void Witness::durable(const trial::Event& event) {
  const Joules before = state_.footprint.without_grid;
  state_.apply(event);
  all_heard_is_durable_ = true;
  if (state_.footprint.without_grid < before - Joules(1e-6))
    wrongs_.push_back(fmt::format("event {} takes back joules", state_.events));
  if (const auto* body = std::get_if<trial::Decided>(&event.body)) decisions_.push_back(body->decision);
  if (const auto* body = std::get_if<trial::Evaluated>(&event.body)) evaluated(*body);
}

void Witness::evaluated(const trial::Evaluated& body) {
  const auto& all = state_.trials.at(body.trial).evaluations;
  ++evaluations_[{body.trial, body.evaluation.resource}];
  if (all.size() > 1 && all[all.size() - 2].resource >= body.evaluation.resource)
    wrongs_.push_back(fmt::format("trial {}: evaluations out of order", body.trial));
}

void Witness::hears(const runner::Event& event) {
  all_heard_is_durable_ = false;
  if (const auto* evaluation = std::get_if<runner::Evaluation>(&event))
    waiting_[evaluation->trial] = *evaluation;
}

void Witness::starts(const runner::Job& job) {
  const auto trial = state_.trials.find(job.trial);
  if (trial == state_.trials.end() || !trial->second.process_running)
    return wrongs_.push_back(fmt::format("trial {}: started before that was durable", job.trial));
  if (trial->second.segments.back().train.until != job.until || trial->second.checkpoint != job.checkpoint)
    wrongs_.push_back(fmt::format("trial {}: started otherwise than is durable", job.trial));
}

void Witness::answers(trial::TrialId trial) {
  const auto waiting = waiting_.extract(trial);
  if (waiting.empty())
    return wrongs_.push_back(fmt::format("trial {}: answered without an evaluation", trial));
  const runner::Evaluation& evaluation = waiting.mapped();
  const Place place{trial, evaluation.resource.value()};
  if (!evaluations_.contains(place))
    wrongs_.push_back(fmt::format("trial {}: answered at {} before that was durable", trial, place.second));
  answered_[place] = evaluation.metrics.begin()->second;
}

void Witness::ends(trial::TrialId trial, bool running) {
  if (!running) wrongs_.push_back(fmt::format("trial {}: asked to end, and does not run", trial));
}

Joules Witness::used(trial::TrialId trial) const {
  const auto found = used_.find(trial);
  return found == used_.end() ? Joules(0) : found->second;
}

Joules Witness::metered(trial::TrialId trial) const {
  const auto found = state_.trials.find(trial);
  return found == state_.trials.end() ? Joules(0) : found->second.charged;
}

}  // namespace sm2::testing
