// The grid intensity as a user states it: a country, a figure, or "command:" and a program that prints either.
#pragma once

#include <string>

#include "base/result.h"
#include "footprint/footprint.h"

namespace sm2::cli {

// Runs the program where one is named, for at most 30 s.
base::Result<footprint::Grid> find_grid(const std::string& stated);

}  // namespace sm2::cli
