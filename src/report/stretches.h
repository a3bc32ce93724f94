// A trial's energy and progress, stretch by stretch: a stretch is one decision to train it further.
#pragma once

#include <vector>

#include "journal/state.h"
#include "report/figures.h"

namespace sm2::report {

struct Stretch {
  int rung = 0;
  double until = 0;
  Spent spent;  // in this stretch alone
};

// In order; empty for a trial that ran no process yet. They add up to the trial's energy.
std::vector<Stretch> stretches(const journal::Trial& trial);

}  // namespace sm2::report
