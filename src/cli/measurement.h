// What `sm2 measure` found in one run of a command, and the figures that are said of it or of several runs: plain data
// and arithmetic. What could not be read is absent.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/quantity.h"
#include "footprint/footprint.h"
#include "meter/discovery.h"
#include "trial/energy.h"

namespace sm2::cli {

struct Measurement {
  std::vector<std::string> command;
  int exit = 0;               // as a shell reports it: the command's status, or 128 + its signal
  std::optional<int> signal;  // that ended it
  base::Seconds time;
  std::optional<base::Seconds> cpu_time;  // of its whole process tree
  trial::Energy energy;
};

// What joules are turned into, and what is there that no sum contains.
struct Background {
  std::optional<footprint::Grid> grid;
  std::optional<footprint::Price> price;
  std::vector<meter::Unusable> missing;
  std::optional<base::Watts> power_limit;  // that was set for this
};

struct Figures {
  std::optional<base::Joules> joules;
  base::Joules error;                      // of joules, where they are known
  std::optional<base::Joules> idle;        // the part of joules that an idle machine would have used
  std::optional<base::Joules> above_idle;  // the rest
  std::optional<base::Watts> watts;        // mean over the time
  std::optional<base::Seconds> time;
  std::optional<base::Seconds> cpu_time;
  trial::Energy energy;  // by domain
};

Figures figures(const Measurement& run);

// Each figure the median of the runs in which it is known, domains too: so the domains need not add up to the sum.
// The error stays that of one run, since what is wrong with a source is wrong in every run.
Figures typical(const std::vector<Measurement>& runs);

}  // namespace sm2::cli
