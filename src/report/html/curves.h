// The picture of the learning curves: the metric of each trial over the joules that the trial itself had used
// by then. The winner is thick and on top; a dropped trial ends in a cross. Each trial has a colour and a
// dash pattern of its own up to kDistinct trials; beyond that, all but the best few are grey.
#pragma once

#include <string>

#include "report/summary.h"
#include "report/terminal.h"

namespace sm2::report::html {

inline constexpr int kDistinct = 30;

// The section's content: chart for wide and for narrow screens, legend, and what is not drawn and why. At most so many trials:
// the best.
std::string curves(const Study& study, const Summary& summary, std::size_t most);

}  // namespace sm2::report::html
