// What `sm2 measure` says to people, on standard error. Pure functions; lines end with a newline and are safe for a
// terminal.
#pragma once

#include <string>

#include "cli/measure_series.h"
#include "cli/measurement.h"

namespace sm2::cli {

std::string text(const Measurement& measurement, const Background& background);
std::string text(const Series& series, const Background& background);  // of the runs that succeeded
std::string text(const Comparison& comparison, const Background& background);

std::string brief(const RunName& name, std::size_t runs, const Measurement& measurement);  // one line

}  // namespace sm2::cli
