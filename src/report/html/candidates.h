// The table of all candidates, the best first, with why each was dropped in words and numbers.
#pragma once

#include <string>

#include "report/summary.h"
#include "report/terminal.h"

namespace sm2::report::html {

std::string candidates(const Study& study, const Summary& summary);

}  // namespace sm2::report::html
