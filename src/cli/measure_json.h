// What `sm2 measure --json` prints, one line each without a newline; docs/energy.md documents the keys.
#pragma once

#include <string>

#include "cli/measure_series.h"
#include "cli/measurement.h"

namespace sm2::cli {

std::string json(const Measurement& measurement, const Background& background);
std::string json(const Series& series, const Background& background);
std::string json(const Comparison& comparison,
                 const Background& background);  // A's, with "versus" and "ratio"

}  // namespace sm2::cli
