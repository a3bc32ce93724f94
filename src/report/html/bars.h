// Energy by candidate: a bar for each trial, split where its stretches of training ended, with the whole
// uncertainty as a whisker. The most expensive kMostBars trials; the others are one row together.
#pragma once

#include <string>

#include "report/html/rules.h"
#include "report/summary.h"
#include "report/terminal.h"

namespace sm2::report::html {

inline constexpr std::size_t kMostBars = 40;

std::string bars(const Study& study, const Summary& summary, Rules& rules);

}  // namespace sm2::report::html
