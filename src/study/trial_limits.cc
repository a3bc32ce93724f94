#include "study/trial_limits.h"

#include <fmt/format.h>

#include "base/units.h"

namespace sm2::study {

std::optional<trial::Outcome> over_time(const config::TrialLimits& limits, base::Seconds run) {
  if (!limits.time || run < *limits.time) return {};
  return trial::TimedOut{"time", run};
}

std::optional<trial::Outcome> over_energy(const config::TrialLimits& limits, const trial::Energy& used) {
  const auto joules = limits.energy ? trial::total(used) : std::nullopt;
  if (!joules || *joules < *limits.energy) return {};
  return trial::Exceeded{"energy",
                         fmt::format("{} of {}", trial::describe(used), base::format(*limits.energy))};
}

std::optional<trial::Outcome> unknown_energy(const config::TrialLimits& limits, const trial::Energy& used) {
  if (!limits.energy || used.empty() || trial::total(used)) return {};
  return trial::Exceeded{"energy", "it cannot be kept: what was used is " + trial::describe(used)};
}

}  // namespace sm2::study
