// What becomes of a trial that has gone over a limit of the study file: an outcome that is not usable, in words and
// numbers; nothing where there is no such limit or the trial keeps it. What is not known exceeds nothing, but a limit of
// energy cannot be kept in the dark: unknown_energy().
#pragma once

#include <cstddef>
#include <optional>

#include "config/spec.h"
#include "trial/energy.h"
#include "trial/outcome.h"

namespace sm2::study {

std::optional<trial::Outcome> over_time(const config::TrialLimits& limits, base::Seconds run);
std::optional<trial::Outcome> over_energy(const config::TrialLimits& limits, const trial::Energy& used);
std::optional<trial::Outcome> unknown_energy(const config::TrialLimits& limits, const trial::Energy& used);
std::optional<trial::Outcome> over_memory(const config::TrialLimits& limits, std::optional<std::size_t> held);

}  // namespace sm2::study
