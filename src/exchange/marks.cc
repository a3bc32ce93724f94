#include "exchange/marks.h"

#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <cmath>

#include "base/hash.h"

namespace sm2::exchange {
namespace {

constexpr double kMicrosecond = 1e6, kMillisecond = 1e3;

bool whole(double resource) {
  constexpr double kMostWhole = 9e15;  // doubles hold every whole number up to here
  return resource >= 0 && resource == std::floor(resource) && resource < kMostWhole;
}

std::uint64_t hash_of(const report::Study& study) {
  return base::hash(fmt::format("{}\n{}", study.name, study.state.created.value));
}

}  // namespace

std::string utc(base::Seconds unix_time, char separator, bool micros) {
  const auto whole_micros = static_cast<std::int64_t>(std::llround(unix_time.value * kMicrosecond));
  const auto seconds = static_cast<time_t>(whole_micros / static_cast<std::int64_t>(kMicrosecond));
  tm parts{};
  gmtime_r(&seconds, &parts);
  const std::string text =
      fmt::format("{:04}-{:02}-{:02}{}{:02}:{:02}:{:02}", parts.tm_year + 1900, parts.tm_mon + 1,
                  parts.tm_mday, separator, parts.tm_hour, parts.tm_min, parts.tm_sec);
  return micros ? fmt::format("{}.{:06}", text, whole_micros % static_cast<std::int64_t>(kMicrosecond))
                : text;
}

std::int64_t milliseconds(base::Seconds unix_time) {
  return static_cast<std::int64_t>(std::llround(unix_time.value * kMillisecond));
}

std::string trial_mark(const report::Study& study, trial::TrialId trial) {
  return fmt::format("{:016x}{:016x}", hash_of(study), static_cast<std::uint64_t>(trial) + 1);
}

std::string study_mark(const report::Study& study) {
  return fmt::format("{:016x}{:016x}", hash_of(study), 0);
}

Steps::Steps(const journal::StudyState& state)
    : by_resource_(std::ranges::all_of(state.trials, [](const auto& entry) {
        return std::ranges::all_of(entry.second.evaluations, whole, &trial::Evaluation::resource);
      })) {}

std::vector<std::int64_t> Steps::of(const journal::Trial& trial) const {
  std::vector<std::int64_t> steps;
  for (const trial::Evaluation& evaluation : trial.evaluations) {
    const auto next = static_cast<std::int64_t>(steps.size()) + 1;
    steps.push_back(by_resource_ ? static_cast<std::int64_t>(evaluation.resource) : next);
  }
  return steps;
}

}  // namespace sm2::exchange
