// Who decides what to train next. A strategy is pure: no I/O, no clock, no threads; the same options, seed
// and tells give the same asks. A study is resumed by replaying its journal through ask and tell, so this is
// not only good manners.
//
// Contract, held by tests/contract/strategy_test.cc for every strategy in the table:
// - ask() that answers Wait or Finish changes nothing; it may be called again at any time.
// - After Train, the stretch is running until tell() for that trial; a strategy never asks to train a running
// trial.
// - `until` grows from stretch to stretch of a trial, unless the last one ended short of it (a probe, a verdict), and never
// exceeds options.resource_max.
// - A trial that was dropped, whose outcome is not usable, or that judge() stopped is never asked for again; a stopped one
// may win.
// - When every tell has come, ask() does not answer Wait for ever: it comes to Finish.
// - judge() is called at each evaluation of a running stretch that is not its last; what it answers ends the stretch or not.
// A verdict of kStop has a reason. judge() and tell() may count on one order: evaluations of a stretch in order, then its
// tell; the same when a study is resumed.
// - `parent` stands in the first Train of a trial only, and only where options.resumes. It names a trial that was told to
// have reached something, is usable, not dropped and not running; `until` is above what the parent reached. The study copies
// the parent's checkpoint before it starts anything that was asked for later: the parent's own next Train may come at once.
// - make() may refuse too few candidates, and programs that do not resume; it says why.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "objective/objective.h"
#include "space/space.h"
#include "strategy/experience.h"
#include "trial/decision.h"
#include "trial/report.h"

namespace sm2::strategy {

struct Options {
  std::uint64_t seed = 0;
  std::optional<int> candidates;  // how many configurations to consider; each strategy has its own default
  int points = 5;                 // grid: values per continuous parameter
  double resource_min = 1;        // the first rung
  double resource_max = 1;
  double eta = 2;              // a rung keeps 1 / eta of its candidates, and gives eta times the resource
  objective::Weights weights;  // of sm2 and sm2-classic
  base::Seconds probe{2};      // of sm2: training time per candidate
  bool cycle_learning_rate = false;  // search the parameter `learning_rate` by cycling it during training
  trial::SchedulePlan schedules;     // then
  bool resumes = true;  // trainers checkpoint and report steps; else a probe would only waste energy
  std::string metric = "metric";  // its name, for the words of a reason
  bool minimized = false;         // metrics are told negated; for the words of a reason
  std::optional<double>
      target;  // oriented: the study ends when a trial reaches it; of sm2: least energy to get there
  std::optional<base::Joules> energy;  // of sm2: the budget that the best metric is wanted for
  bool resource_is_steps = false;      // a unit of resource is a step, of as many samples as the batch size
  bool tune_power = false;             // of sm2: let the device's power limit be tuned inside running steps
  std::string pruner = "none";         // "median": composes with the samplers
  std::vector<Experience> experience;  // of earlier studies of the same job
  bool operator==(const Options&) const = default;
};

struct Verdict {                                    // on a trial that is running
  trial::Action action = trial::Action::kContinue;  // kPause: it may go on later; kStop: never again
  std::string reason;                               // of a kStop, in words and numbers, for people
};

class Strategy {
 public:
  virtual ~Strategy() = default;
  virtual trial::Decision ask() = 0;
  // The stretch of `trial` ended: at `until`, after its probe, or because of a verdict (then its outcome is Paused or
  // Stopped), or it failed, or the user wants no more of it.
  virtual void tell(trial::TrialId trial, const trial::Stretch& stretch) = 0;
  // `so_far` is as tell() would have it now; its outcome says nothing. Never called with a metric that is not finite.
  virtual Verdict judge(trial::TrialId trial, const trial::Stretch& so_far);
};

// The names in the table, in the order they are documented.
std::vector<std::string> names();

// Fails when the name is unknown, or the space or the options do not suit the strategy.
base::Result<std::unique_ptr<Strategy>> make(std::string_view name, const space::Space& space,
                                             const Options& options);

}  // namespace sm2::strategy
