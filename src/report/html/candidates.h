// The table of candidates, the best first and at most so many, with why each was dropped in words and numbers.
#pragma once

#include <string>

#include "report/summary.h"
#include "report/terminal.h"

namespace sm2::report::html {

std::string candidates(const Study& study, const Summary& summary, std::size_t most);

}  // namespace sm2::report::html
