// Programs whose tuner may die while it waits for them: part of the time has passed then, and what they did in it nobody heard.
// They die with it. What they are told and use is witnessed.
#pragma once

#include <set>

#include "runner/runner.h"
#include "testing/doom.h"
#include "testing/witness.h"

namespace sm2::testing {

class MortalRunner final : public runner::Runner {
 public:
  // `part`: of the wait in which the tuner dies. A session waits `patience` times at most: only one that is stuck waits longer.
  MortalRunner(runner::Runner& programs, Doom& doom, Witness& witness, double part, int patience)
      : programs_(programs), doom_(doom), witness_(witness), part_(part), patience_(patience) {}

  bool room() override { return programs_.room(); }
  std::optional<trial::Devices> hold(runner::TrialId trial, const trial::Devices& had) override {
    return programs_.hold(trial, had);
  }
  void release(runner::TrialId trial) override { programs_.release(trial); }
  base::Result<> start(const runner::Job& job) override;
  std::vector<runner::Event> wait(base::Seconds timeout) override;
  void answer(runner::TrialId trial, trial::Action action) override;
  void end(runner::TrialId trial, trial::Action action) override;
  std::optional<base::Seconds> cpu_time(runner::TrialId trial) const override {
    return programs_.cpu_time(trial);
  }
  std::vector<pid_t> processes(runner::TrialId) const override { return {}; }

  // The session is over, in whatever way: so are its programs. Whether none of them had done anything that is lost with it.
  bool end_of_session();
  bool stuck() const { return patience_ < 0; }

 private:
  void ended(runner::TrialId trial);

  runner::Runner& programs_;
  Doom& doom_;
  Witness& witness_;
  double part_;
  int patience_;
  std::set<runner::TrialId> running_;
};

}  // namespace sm2::testing
