// All that is known of one trial, as JSON: settings, command, stretches, checkpoint, energy by domain, evaluations, thinned.
// docs/openapi.json describes it.
#pragma once

#include <string>

#include "dashboard/folded.h"

namespace sm2::dashboard {

inline constexpr std::size_t kMostEvaluations = 500;

std::string history_json(const Folded& folded, const journal::Trial& trial);

}  // namespace sm2::dashboard
