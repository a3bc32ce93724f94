// Who decides what to train next. A strategy is pure: no I/O, no clock, no threads; the same options, seed
// and tells give the same asks. A study is resumed by replaying its journal through ask and tell, so this is
// not only good manners.
//
// Contract, held by tests/contract/strategy_test.cc for every strategy in the table:
// - ask() that answers Wait or Finish changes nothing; it may be called again at any time.
// - After Train, the stretch is running until tell() for that trial; a strategy never asks to train a running
// trial.
// - `until` grows from stretch to stretch of a trial and never exceeds options.resource_max.
// - A trial that was dropped, or whose outcome is not usable, is never asked for again.
// - When every tell has come, ask() does not answer Wait for ever: it comes to Finish.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "objective/objective.h"
#include "space/space.h"
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
  bool resumes = true;  // trainers checkpoint and report steps; else a probe would only waste energy
  std::string metric = "metric";  // its name, for the words of a reason
  bool minimized = false;         // metrics are told negated; for the words of a reason
  bool operator==(const Options&) const = default;
};

class Strategy {
 public:
  virtual ~Strategy() = default;
  virtual trial::Decision ask() = 0;
  virtual void tell(trial::TrialId trial, const trial::Stretch& stretch) = 0;
};

// The names in the table, in the order they are documented.
std::vector<std::string> names();

// Fails when the name is unknown, or the space or the options do not suit the strategy.
base::Result<std::unique_ptr<Strategy>> make(std::string_view name, const space::Space& space,
                                             const Options& options);

}  // namespace sm2::strategy
