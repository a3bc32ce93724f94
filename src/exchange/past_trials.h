// Trials of an Optuna storage or a CSV file, as the experience that a study begins from (docs/exports.md says how they are read).
// Joules are NaN where the file does not have them at every point.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "config/past_file.h"
#include "config/spec.h"
#include "strategy/experience.h"

namespace sm2::exchange {

struct PastTrials {
  std::vector<strategy::Experience> trials;  // `study` is 0 in each
  std::vector<std::string> left_out;         // a line each: why trials are not among them
};

// `spec` is of the study that begins. Fails, in one line that begins with the file, where it cannot be read, where its goal is another
// one, and where no trial of it fits.
base::Result<PastTrials> read_past_trials(const config::PastFile& file, const config::Spec& spec);

}  // namespace sm2::exchange
