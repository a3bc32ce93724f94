// The loop of a study turned inside out: the caller trains, and the session asks the strategy, judges reports and tells
// it, as study/study.h does for processes. Any number of threads; one lock, held for as long as the strategy thinks.
//
// Mistakes of the caller throw sm2::Error. Metrics inside are oriented: higher is better.
#pragma once

#include <any>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "sm2/tuner.h"
#include "strategy/strategy.h"

namespace sm2::library {

struct Asked {  // a stretch, as the strategy wants it
  trial::Train train;
  double from = 0;
  std::any state;
};

struct Answer {  // to a report
  bool go_on = true;
  bool resumable = false;  // when not
};

class Session {
 public:
  Session(std::unique_ptr<strategy::Strategy> strategy, strategy::Options options);

  // Nothing when the search is over, or where the strategy waits and `patient` is false.
  std::optional<Asked> ask(bool patient);
  bool finished() const;

  Answer report(trial::TrialId id, double resource, double value, const Used& so_far);
  // `failure`: why, or nothing when the stretch ended well. `state` is kept for the next.
  void end(trial::TrialId id, std::optional<std::string> failure, const Used& used, std::any state);

  std::optional<Best> best() const;
  std::vector<TrialRecord> trials() const;
  std::optional<double> joules() const;

 private:
  struct Known {         // a trial
    trial::Train train;  // the last
    TrialState state = TrialState::kRunning;
    double reached = 0;            // resource of the last report
    std::optional<double> metric;  // there
    trial::Energy energy;          // since its beginning, at the end of the last stretch
    base::Seconds seconds;         // likewise
    std::string reason;
    std::any kept;                          // the caller's, at the end of the last stretch
    double kept_at = 0;                     // resource
    Used so_far;                            // in the stretch that runs
    std::optional<trial::Outcome> verdict;  // how that is to end; nothing while it goes on
  };

  Asked begin(const trial::Train& train);
  void drop(const trial::Drop& drop);
  Known& running(trial::TrialId id);
  void judge(Known& known);
  bool may_go_on(const Known& known) const;
  trial::Outcome outcome(const Known& known) const;
  trial::Stretch stretch(const Known& known, trial::Outcome outcome) const;
  void watch_budget();
  std::optional<trial::TrialId> best_so_far() const;
  TrialRecord record(trial::TrialId id, const Known& known) const;
  double shown(double metric) const { return options_.minimized ? -metric : metric; }
  std::optional<double> total() const;

  mutable std::mutex mutex_;
  std::condition_variable told_;
  std::unique_ptr<strategy::Strategy> strategy_;
  strategy::Options options_;
  std::map<trial::TrialId, Known> trials_;
  int running_ = 0;
  std::optional<trial::Finish> finish_;
};

}  // namespace sm2::library
