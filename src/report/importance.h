// How much of what differs between trials goes with each parameter alone: the share of the variance of ranks that lies between
// groups of the parameter's values, epsilon squared of Kruskal and Wallis (1952, JASA 47:583), which is the first-order Sobol'
// index of the ranks as estimated from given data by bins (Plischke, Borgonovo and Smith 2013, EJOR 226:536), less what chance
// alone would show:
//
//   H = (n - 1) SSB / SST        epsilon^2 = (H - k + 1) / (n - k), at least 0
//
// over n trials in k groups. Choices are a group each; numbers are sorted into groups of equal size. Ranks, so that a diverged
// trial or the metric's scale changes nothing. What parameters do only together is in none of the shares; they need not add up to 1.
// A strategy that goes where it is good does not try parameters independently: the shares are of the trials that there were.
//
// Trials are compared where they had been trained equally far: at the resource that four in five of those with a metric have
// reached; the others are left out.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "report/terminal.h"

namespace sm2::report {

struct Share {
  std::string parameter;
  int groups = 0;
  std::optional<double> of_metric;  // 0 to 1; absent where there are not two groups, or nothing differs
  std::optional<double>
      of_energy;  // of the joules by then for each unit of the resource; likewise, or where they are not known
  bool metric_beyond_chance =
      false;  // H is above the 95 % quantile of chi-squared with k - 1 degrees of freedom
  bool energy_beyond_chance = false;
};

struct Importance {
  double resource = 0;        // at which trials are compared
  int trials = 0;             // that could be
  bool enough = false;        // at least kFewestTrials; else there are no shares
  std::vector<Share> shares;  // of the metric, the largest first
};

inline constexpr int kFewestTrials = 20;

Importance importance(const Study& study);

}  // namespace sm2::report
