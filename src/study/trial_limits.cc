#include "study/trial_limits.h"

#include <fmt/format.h>

#include "base/units.h"

namespace sm2::study {
namespace {

double gibibytes(std::size_t bytes) { return static_cast<double>(bytes) / (1 << 30); }

}  // namespace

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

std::optional<trial::Outcome> over_memory(const config::TrialLimits& limits,
                                          std::optional<std::size_t> held) {
  if (!limits.memory || !held || *held <= *limits.memory) return {};
  return trial::OutOfMemory{
      fmt::format("limit memory: {:.2f} GiB of {:.2f} GiB", gibibytes(*held), gibibytes(*limits.memory))};
}

}  // namespace sm2::study
