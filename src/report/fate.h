// What became of a trial, for whoever reads the report.
#pragma once

#include <string>
#include <vector>

#include "report/summary.h"
#include "report/terminal.h"

namespace sm2::report {

enum class Fate { kWinner, kBest, kFinished, kDropped, kFailed, kWaiting };  // kBest: so far, undecided
Fate fate(const journal::Trial& trial, const Summary& summary);
// "winner", "best so far, paused", "dropped", ...
std::string state_words(const Study& study, const journal::Trial& trial, Fate fate);

// Trials with the best first: the winner, then by metric; those without a usable metric last.
std::vector<const journal::Trial*> best_first(const Study& study, const Summary& summary);

}  // namespace sm2::report
