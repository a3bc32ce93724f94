// Strategies side by side: every strategy on every case with every seed, in simulated time (simulation.h), on as many
// threads as are wanted; the result does not depend on their number. What it comes to is plain data, which json.h writes
// and the terminal and the page show.
//
// `over` is energy as a multiple of a reference: the oracle's where there is one, which knows the best setting and
// trains it once; with recurrences the energy of all jobs over as many oracles. Trainings for real have no oracle: there
// the reference is the lowest median among the strategies.
//
// With `to_the_end` every job that has a target is also done without it, by the same strategy with the same seed: what the
// strategy spends until it finishes by itself, and how good its winner is.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "compare/simulation.h"
#include "compare/statistics.h"

namespace sm2::compare {

inline constexpr int kSeeds = 20;
inline constexpr int kFirstRecurrences =
    10;  // that are left out of `over_last`: something is still being learnt

struct Contestant {
  std::string name;         // "successive-halving+power"
  std::string strategy;     // "successive-halving"
  bool tune_power = false;  // in every trial
};
// A name of the table, "+power" after it or not; fails with the nearest known one.
base::Result<Contestant> contestant(std::string_view name);

// Whether the strategy can work on the workload's space; the error names both.
base::Result<> suits(const Contestant& contestant, const workload::Workload& workload,
                     strategy::Options options);

struct Plan {
  std::vector<Contestant> contestants;
  strategy::Options options;  // what simulation.h does not set itself
  int seeds = kSeeds;
  std::uint64_t first_seed = 1;
  int recurrences = 1;
  bool to_the_end = false;  // only where recurrences is 1
  int workers = 1;
  int threads = 1;
  std::function<void(std::size_t done, std::size_t all)> progress = [](std::size_t, std::size_t) {};
};

struct Whole {  // a study that ends by itself, without a target
  base::Joules joules;
  base::Seconds seconds;
  std::optional<double> metric, test_metric;  // oriented; of the winner
};

struct Run {  // one seed; with recurrences, all jobs together
  base::Joules joules;
  base::Seconds seconds;
  std::optional<double> metric;       // oriented; of the last job
  std::optional<double> test_metric;  // likewise, on held-out data
  std::optional<Whole> whole;
  int missed = 0;  // jobs that did not reach the target, or had no winner
  int starts = 0;  // of the strategy, in all jobs
  std::size_t trials = 0;
  std::optional<space::Configuration> chosen;  // in the last job
  std::optional<base::Watts> limit;
  std::vector<base::Joules> jobs;  // energy of each
};

struct Case {
  std::string name;
  std::string metric;
  bool minimized = false;
  std::optional<double> target;            // oriented
  std::optional<workload::Oracle> oracle;  // absent: trained for real
  base::Joules reference;                  // energy of one job that `over` is a multiple of
};

struct WholeFigures {
  Figure joules, seconds;
  std::optional<Figure> metric, test_metric;  // oriented
};

struct Row {           // a strategy on a case
  std::size_t at = 0;  // of the case
  std::string strategy;
  std::vector<Run> runs;
  Figure over, joules, seconds;
  std::optional<Figure> metric;  // oriented; over runs that have one
  std::optional<Figure> test_metric;
  std::optional<WholeFigures> whole;
  std::optional<Figure> regret;     // the oracle's metric less this; only without a target
  std::optional<Figure> over_last;  // of jobs after the first kFirstRecurrences
  double trials = 0;                // mean
  int missed = 0, starts = 0;       // in all runs
};

struct Summary {
  std::string strategy;
  double geomean = 0;  // over cases, of the means of `over`
  double worst = 0;
  int missed = 0;  // jobs in all cases; with some, both are less than the jobs need
  std::optional<double> geomean_last, worst_last;
};

struct Comparison {
  std::vector<Case> cases;
  std::vector<Row> rows;  // by case, then as the strategies were named
  std::vector<Summary> summary;
  std::string source = "replay", quality = "replayed";  // of the energy
  int seeds = 0;
  std::uint64_t first_seed = 0;
  int recurrences = 1;
  int workers = 1;
};

// Fails, naming case and strategy, when a strategy does not suit a case. `progress` is called from several threads, one
// at a time.
base::Result<Comparison> compare(const std::vector<const workload::Workload*>& workloads, const Plan& plan);

// Fills the figures of `row` from its runs, and the summary from the rows.
void figure_out(Row& row, const Case& of, int recurrences);
void summarize(Comparison& comparison);

}  // namespace sm2::compare
