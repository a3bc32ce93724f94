// The end of what a trial's program printed, fit for showing: control characters are written out, what overwrote itself
// ("\r") has a line for each state.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "trial/decision.h"

namespace sm2::dashboard {

inline constexpr std::size_t kMostOfLog = 256 << 10;  // bytes

// `folder` is that of the study's trials, below which no link is followed. None where there is no log.
std::optional<std::string> end_of_log(const std::filesystem::path& folder, trial::TrialId trial);

}  // namespace sm2::dashboard
