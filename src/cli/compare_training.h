// A study file trained for real with every strategy and seed, for `sm2 compare`: a study of its own each, one after
// another, the strategies in another order with each seed, so that a machine that slows down or warms up favours none.
// Studies are kept in memory, checkpoints and output in a temporary folder that goes with them.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "compare/compare.h"

namespace sm2::cli {

inline constexpr int kTrainedSeeds = 3;

struct Training {
  std::string file;  // the study file
  std::vector<compare::Contestant> contestants;
  bool named = false;  // by the user: each must suit the study; else those that do not are left out
  std::optional<int> candidates;
  std::optional<std::string> test;  // the metric on held-out data
  int seeds = kTrainedSeeds;
  std::uint64_t first_seed = 1;
  int workers = 1;
  std::function<void(std::size_t done, std::size_t all)> progress = [](std::size_t, std::size_t) {};
};

// Without rows when the user interrupted it. What could not be metered, and who was left out, goes to standard error.
base::Result<compare::Comparison> train_all(const Training& training);

}  // namespace sm2::cli
