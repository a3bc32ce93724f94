// Learning curves, as JSON: few enough trials, of each few enough evaluations, that they can be drawn, and that look like all of
// them. docs/openapi.json describes them.
#pragma once

#include <string>

#include "dashboard/folded.h"

namespace sm2::dashboard {

inline constexpr int kUsualCurves = 100, kMostCurves = 1'000;
inline constexpr int kUsualPoints = 60, kMostPoints = 1'000;

std::string curves_json(const Folded& folded, std::size_t trials, std::size_t points);

// The evaluations of one trial, all its metrics by column.
std::string evaluations_json(const config::Spec& spec, const journal::Trial& trial, std::size_t points);

}  // namespace sm2::dashboard
