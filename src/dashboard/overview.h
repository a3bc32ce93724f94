// A study's first screen, as JSON: what is best, what finding it cost, why the rest was dropped, and how it went. Its size does not
// grow with the number of trials. docs/openapi.json describes it.
#pragma once

#include <string>

#include "dashboard/folded.h"

namespace sm2::dashboard {

inline constexpr std::size_t kMostNamed = 8;    // of what was dropped: the closest contenders
inline constexpr std::size_t kMostRanges = 20;  // of the numbers of trials that ran on a kind of hardware

std::string overview_json(const Folded& folded);

}  // namespace sm2::dashboard
