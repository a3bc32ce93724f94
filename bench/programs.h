// Training programs that cost nothing, for studies that are measured themselves: a Runner whose programs evaluate at every
// whole unit and end at `until`, each unit taking its time on a clock that the bench moves, or none. A client saves a
// checkpoint when it is told to pause; a program without one is not told, and ends in the same moment as its last evaluation. A
// program may be short: it ends by itself then after so many evaluations.
#pragma once

#include <functional>
#include <limits>
#include <queue>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "runner/runner.h"

namespace sm2::bench {

class Programs final : public runner::Runner {
 public:
  using Pass = std::function<void(base::Seconds)>;  // lets time pass on the clock

  // The clock outlives it. Programs take from half of `unit` to three halves for a unit.
  Programs(const base::Clock& clock, base::Seconds unit, Pass pass,
           int most = std::numeric_limits<int>::max());

  base::Result<> start(const runner::Job& job) override;
  std::vector<runner::Event> wait(base::Seconds timeout) override;
  void answer(runner::TrialId trial, trial::Action action) override;
  void end(runner::TrialId trial, trial::Action action) override;
  std::optional<base::Seconds> cpu_time(runner::TrialId) const override { return base::Seconds(0); }
  std::vector<pid_t> processes(runner::TrialId) const override { return {}; }

 private:
  struct Process {
    double position = 0, until = 0, talent = 0;
    bool client = true;
    int left = 0;  // evaluations
    trial::Action told = trial::Action::kContinue;
  };
  using Due = std::pair<base::Seconds, runner::TrialId>;

  void schedule(runner::TrialId trial);
  void advance(runner::TrialId trial, std::vector<runner::Event>& events);
  void leave(runner::TrialId trial, std::vector<runner::Event>& events);

  const base::Clock& clock_;
  base::Seconds unit_;
  Pass pass_;
  int most_;
  std::unordered_map<runner::TrialId, Process> running_;
  std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;  // evaluations
  std::vector<runner::TrialId> leaving_;
};

}  // namespace sm2::bench
