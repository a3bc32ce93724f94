// How a study was run and its energy measured: method, hardware, sources, rates. Plain text, a name for each.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "report/terminal.h"

namespace sm2::report {

std::vector<std::pair<std::string, std::string>> facts(const Study& study);

}  // namespace sm2::report
