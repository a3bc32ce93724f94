// The answers of a report in plain sentences, for text and Markdown. Not yet escaped, nor printable.
#pragma once

#include <string>
#include <vector>

#include "report/fate.h"
#include "report/summary.h"

namespace sm2::report {

std::string no_best_text(const Summary& summary);   // why there is none; "No trial has begun."
std::string standing_text(const Summary& summary);  // of its best: "Trial 2 is the winner"

// "Trial 2 is the winner: val_accuracy 0.91 after 8 epochs."
std::string verdict_text(const Study& study, const Summary& summary);

// "428 J +- 215 (cpu-model, modelled), 9 % of the budget of 5.00 kJ, in 1 min 42 s"; what is known of it where that is not all.
std::string total_cost_text(const Study& study, const Summary& summary);

// "4 of 6 trials dropped, 1 failed"; empty where none was.
std::string dropped_text(const Summary& summary);

// Those that were dropped or failed, the closest contenders first.
std::vector<const journal::Trial*> left_behind(const Study& study, const Summary& summary);

// Why, never empty.
std::string why_text(const Study& study, const journal::Trial& trial);

}  // namespace sm2::report
