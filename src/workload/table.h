// Trainings written down in a table: a CSV file with one row per evaluation and the columns
//   seed         tells repetitions of a configuration apart: any text
//   resource     what the trial had been trained for then: a whole number of epochs, steps, ...
//   metric       then; nan: diverged
//   joules, seconds   since the trial began, so never less than in the row before
//   power_limit  optional: watts; the same configuration and seed under several limits is one training, whose
//                metrics are those at the highest
//   test_metric  optional: on held-out data then, in the same sense as the metric; nan or nothing: not known. It is
//                reported, and shown to no strategy
// and every other column a parameter: numbers where all its values are numbers, else names. Rows may come in
// any order.
//
// The space holds the values found. A combination that is in no row cannot be trained: it diverges in its
// first unit, for nothing. A unit is the largest resource that divides all of the table's; between rows the
// last metric stands, and energy and time grow evenly. Higher metrics are better unless the options say
// otherwise. Without a target, trials are judged by their metric. The oracle: with a target, the least
// (joules of all runs) / (runs that reach it); without, the best mean of the last metrics, at the limit where
// that takes the least.
#pragma once

#include "base/result.h"
#include "workload/opened.h"

namespace sm2::workload {

// One case, called like the file. Trainings must not outlive it. Errors are "FILE:LINE: ...", or "FILE: ..."
// where no row reaches the target.
base::Result<Opened> read_table(const std::string& file, const OpenOptions& options);

}  // namespace sm2::workload
