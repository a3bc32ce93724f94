// The rungs of a study: how many trials were trained on each, what became of them there, and what that took. A strategy without
// rungs has one, 0. Computed in one pass over the trials' stretches.
#pragma once

#include <optional>
#include <vector>

#include "report/figures.h"
#include "report/terminal.h"

namespace sm2::report {

struct Rung {
  int rung = 0;
  double until = 0;  // the most that a trial was to be trained on it, in the study's resource
  // Trials: each that was trained on it is one of the others.
  int trained = 0, promoted = 0, finished = 0, dropped = 0, failed = 0, waiting = 0, running = 0;
  Spent spent;                 // in stretches on it; unknown where one's is
  std::optional<double> best;  // metric on it, finite
  std::optional<trial::TrialId> best_trial;
};

std::vector<Rung> rungs(const Study& study);  // the lowest first

}  // namespace sm2::report
