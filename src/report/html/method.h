// How the study was run and its energy measured, and the study file itself.
#pragma once

#include <string>

#include "report/summary.h"
#include "report/terminal.h"

namespace sm2::report::html {

std::string method(const Study& study, const Summary& summary);
std::string study_file(const Study& study);

}  // namespace sm2::report::html
