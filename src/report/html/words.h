// Small pieces of HTML that several parts of the page share. Everything returned is escaped.
#pragma once

#include <string>

#include "report/fate.h"
#include "report/figures.h"
#include "report/summary.h"
#include "report/terminal.h"

namespace sm2::report::html {

std::string figure(const Spent& spent);       // "5.33 kJ&nbsp;±&nbsp;0.27"
std::string figure(const std::string& text);  // the same for a text of report/figures.h
std::string trial_name(trial::TrialId id);    // "trial 7"
std::string configuration(const journal::Trial& trial);

std::string css_class(Fate fate);  // "winner", "winner", "finished", "dropped", "failed", "waiting"

}  // namespace sm2::report::html
