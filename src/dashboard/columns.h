// The trials of a study by column, as JSON: for pictures and tables of all of them at once. docs/openapi.json describes it.
#pragma once

#include <string>

#include "dashboard/folded.h"

namespace sm2::dashboard {

inline constexpr int kMostInColumns = 5'000;

// Of more trials than `most` (at least 2), the best half, and as many of the others, spread evenly over their ranks; by number.
std::string columns_json(const Folded& folded, std::size_t most);

}  // namespace sm2::dashboard
