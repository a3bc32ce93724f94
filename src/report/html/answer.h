// The first screen of the report: what is the best setting, what did finding it cost, and why was the rest
// dropped.
#pragma once

#include <string>

#include "report/html/rules.h"
#include "report/summary.h"
#include "report/terminal.h"

namespace sm2::report::html {

std::string headline(const Study& study,
                     const Summary& summary);  // name, state, and the answer in a sentence
std::string best_card(const Study& study, const Summary& summary);
std::string cost_card(const Study& study, const Summary& summary, Rules& rules);
std::string dropped_card(const Study& study, const Summary& summary);

}  // namespace sm2::report::html
