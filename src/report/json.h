// The --json objects of sm2 list, show, trials and best, documented in docs/json.md. One line of ASCII
// without a newline; joules and seconds are numbers, what is unknown or not finite is null.
#pragma once

#include <string>
#include <vector>

#include "report/terminal.h"

namespace sm2::report {

std::string list_json(const std::vector<Study>& studies);
std::string list_entry_json(const Study& study);  // of one study
std::string show_json(const Study& study);
std::string trial_json(const Study& study, const journal::Trial& trial);
std::string best_json(const Study& study);   // empty when there is no usable trial
std::string front_json(const Study& study);  // empty when no trial can be placed on it

}  // namespace sm2::report
