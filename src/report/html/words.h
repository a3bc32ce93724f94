// Small pieces of HTML that several parts of the page share. Everything returned is escaped.
#pragma once

#include <string>
#include <vector>

#include "report/figures.h"
#include "report/summary.h"
#include "report/terminal.h"

namespace sm2::report::html {

std::string figure(const Spent& spent);       // "5.33 kJ&nbsp;±&nbsp;0.27"
std::string figure(const std::string& text);  // the same for a text of report/figures.h
std::string trial_name(trial::TrialId id);    // "trial 7"
std::string configuration(const journal::Trial& trial);

// What a trial became, for classes and for words.
enum class Fate { kWinner, kBest, kFinished, kDropped, kFailed, kWaiting };
Fate fate(const journal::Trial& trial, const Summary& summary);
std::string css_class(Fate fate);  // "winner", "winner", "finished", "dropped", "failed", "waiting"
// "winner", "best so far, paused", "dropped", ...
std::string state_words(const Study& study, const journal::Trial& trial, Fate fate);

// Trials with the best first: the winner, then by metric; those without a usable metric last.
std::vector<const journal::Trial*> best_first(const Study& study, const Summary& summary);

}  // namespace sm2::report::html
