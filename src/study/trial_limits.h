// What becomes of a trial that has gone over a limit of the study file that the runner does not hold: an outcome that is not usable, in words and
// numbers; nothing where there is no such limit or the trial keeps it. What is not known exceeds nothing, but a limit of
// energy cannot be kept in the dark: unknown_energy().
#pragma once

#include <optional>

#include "config/spec.h"
#include "trial/energy.h"
#include "trial/outcome.h"

namespace sm2::study {

std::optional<trial::Outcome> over_time(const config::TrialLimits& limits, base::Seconds run);
std::optional<trial::Outcome> over_energy(const config::TrialLimits& limits, const trial::Energy& used);
std::optional<trial::Outcome> unknown_energy(const config::TrialLimits& limits, const trial::Energy& used);

}  // namespace sm2::study
