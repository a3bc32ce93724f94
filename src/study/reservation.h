// An energy budget among trials that run at once: what those that run are expected to use still is reserved, so that no
// other is started on it. What one reservation was wrong by is what a budget can be exceeded by.
#pragma once

#include <optional>
#include <vector>

#include "journal/state.h"

namespace sm2::study {

// What the trials' running stretches still need, at what a unit of the resource has taken so far: in the trial itself, or,
// where it has not evaluated yet, in the latest ones that have. A stretch of which nothing is known counts as nothing.
base::Joules reserved(const journal::StudyState& state, const std::vector<trial::TrialId>& running);

}  // namespace sm2::study
