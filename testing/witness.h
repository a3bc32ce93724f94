// What a study's world saw of it over all its sessions, crashes included: what is durable, and what its programs were told and
// used. It is asked by the invariants of the crash tests, and notes at once what must never happen.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "journal/state.h"
#include "runner/runner.h"

namespace sm2::testing {

class Witness {
 public:
  using Place = std::pair<trial::TrialId, double>;  // a trial, and the resource of an evaluation

  // In the order in which they became durable.
  void durable(const trial::Event& event);
  // What the tuner does with a program.
  void starts(const runner::Job& job);
  void hears(const runner::Event& event);
  void answers(trial::TrialId trial);
  void ends(trial::TrialId trial, bool running);
  void used(trial::TrialId trial, base::Joules joules) { used_[trial] += joules; }

  const journal::StudyState& state() const { return state_; }  // the fold of what is durable
  const std::vector<trial::Decision>& decisions() const { return decisions_; }
  const std::map<Place, int>& evaluations() const { return evaluations_; }  // how often each is durable
  const std::map<Place, double>& acknowledged() const {
    return answered_;
  }  // and the metric that was answered
  base::Joules used(trial::TrialId trial) const;     // really, by all its processes
  base::Joules metered(trial::TrialId trial) const;  // as far as it is durable
  bool all_heard_is_durable() const { return all_heard_is_durable_; }
  const std::vector<std::string>& wrongs() const { return wrongs_; }

 private:
  void evaluated(const trial::Evaluated& body);

  journal::StudyState state_;
  std::vector<trial::Decision> decisions_;
  std::map<Place, int> evaluations_;
  std::map<Place, double> answered_;
  std::map<trial::TrialId, runner::Evaluation> waiting_;
  std::map<trial::TrialId, base::Joules> used_;
  bool all_heard_is_durable_ = true;
  std::vector<std::string> wrongs_;
};

}  // namespace sm2::testing
