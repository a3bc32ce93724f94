// A study in simulated time: a strategy, a workload in place of training programs, and a number of workers. Everything
// that a trial used is charged: exploration, dropped trials, what was trained past the last evaluation. With a target
// the job is over when a trial first reaches it at the end of a unit; what other workers used up to that moment is
// charged too. A strategy that finishes without having reached it is started anew, with a fresh seed and the experience
// of its own trials, at most kMostStarts times in all.
//
// Strategies are told what a real study tells them: energies with their source ("replay"), samples and joules per
// sample from the probe on, an evaluation at the end of each unit, which judge() answers. A trial that was asked for
// with `tune_power` first tries the device's limits, each for min(2 s, 1/64 unit) of training, and goes on at the best
// (objective/power_search.h); a try that the end of a unit or of a stretch cuts short is made again. Others run at the
// default limit. A trial with a parent begins where the parent stands, as a fresh draw of its own configuration: what a
// recorded training would have become from another's weights, nobody knows.
//
// The n-th training of a configuration in a recurrence is the same recorded one for every strategy (common random
// numbers), so that strategies differ by what they decide only.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "base/result.h"
#include "strategy/strategy.h"
#include "workload/workload.h"

namespace sm2::compare {

inline constexpr int kMostStarts = 20;

using Make = std::function<base::Result<std::unique_ptr<strategy::Strategy>>(
    const space::Space& space, const strategy::Options& options)>;

struct Setting {
  std::string strategy;
  // Target, resource_max, minimized, metric, seed and tune_power are set from the job; experience is what is known
  // before the first job.
  strategy::Options options;
  int workers = 1;
  bool tune_power = false;  // in every trial, whatever the strategy asks for
  bool to_the_end = false;  // as if the job had no target: until the strategy finishes
  bool learn = false;       // fill Spent::learnt
  Make make = {};           // instead of the table's strategy of that name
};

struct Spent {            // what one simulated job came to
  base::Joules joules;    // of all trials
  base::Seconds seconds;  // until the job was over
  std::optional<double>
      metric;  // oriented; the chosen trial's, the best that was seen where the target was missed
  std::optional<double> test_metric;           // of the same trial at the same moment, on held-out data
  bool reached = false;                        // the target; without one: whether there is a winner
  std::size_t trials = 0;                      // that trained
  int starts = 1;                              // of the strategy
  std::optional<space::Configuration> chosen;  // the winner's, or the one that reached the target
  std::optional<base::Watts> limit;            // that it ran at in the end
  std::vector<strategy::Experience> learnt;    // of every trial, for a next job
};

// One job. The same workload, setting and seed give the same result, bit for bit. `seed` draws the trainings and seeds
// the strategy. Fails when the strategy does not suit the space, or breaks its contract.
base::Result<Spent> simulate(const workload::Workload& workload, const Setting& setting, std::uint64_t seed);

// The same job over and over, each beginning from what all before learnt.
base::Result<std::vector<Spent>> recur(const workload::Workload& workload, const Setting& setting,
                                       std::uint64_t seed, int recurrences);

}  // namespace sm2::compare
