// What sm2 tune says at its end: the best setting, what it reached, what finding it cost, and the command
// line to use.
#pragma once

#include <string>

#include "report/terminal.h"

namespace sm2::report {

std::string conclusion_text(const Study& study);  // empty when there is no usable trial

}  // namespace sm2::report
