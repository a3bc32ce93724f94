#include "testing/mortal_runner.h"

namespace sm2::testing {

using runner::TrialId;

base::Result<> MortalRunner::start(const runner::Job& job) {
  if (doom_.dead()) return {};
  witness_.starts(job);
  auto started = programs_.start(job);
  if (started) running_.insert(job.trial);
  return started;
}

std::vector<runner::Event> MortalRunner::wait(base::Seconds timeout) {
  if (doom_.dead() || --patience_ < 0) return {};
  if (doom_.strikes()) {
    programs_.wait(part_ * timeout);
    return {};
  }
  std::vector<runner::Event> events = programs_.wait(timeout);
  for (const runner::Event& event : events) {
    witness_.hears(event);
    if (const auto* exit = std::get_if<runner::Exit>(&event)) ended(exit->trial);
  }
  return events;
}

void MortalRunner::answer(TrialId trial, trial::Action action) {
  if (doom_.dead()) return;
  witness_.answers(trial);
  programs_.answer(trial, action);
}

void MortalRunner::end(TrialId trial, trial::Action action) {
  if (doom_.dead()) return;
  witness_.ends(trial, running_.contains(trial));
  programs_.end(trial, action);
}

bool MortalRunner::end_of_session() {
  bool nothing_lost = witness_.all_heard_is_durable();
  while (!running_.empty()) {
    const TrialId trial = *running_.begin();
    if (programs_.cpu_time(trial).value_or(base::Seconds(0)) > base::Seconds(0)) nothing_lost = false;
    ended(trial);
  }
  return nothing_lost;
}

void MortalRunner::ended(TrialId trial) {
  running_.erase(trial);
  witness_.used(trial, base::Joules(programs_.cpu_time(trial).value().value));
}

}  // namespace sm2::testing
