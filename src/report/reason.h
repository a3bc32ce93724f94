// Why a trial is trained no more, for people: what the strategy gave as the reason, how it failed, or, of one that still waited
// when the study finished, where it stood and where the winner does.
#pragma once

#include <string>

#include "report/terminal.h"

namespace sm2::report {

// Empty for a trial that finished, or is still in.
std::string reason(const Study& study, const journal::Trial& trial);

}  // namespace sm2::report
