// A study's trials as a table that `sm2 compare table:FILE` replays (workload/table.h): CSV, a row per evaluation, with
// the parameters, seed, resource, metric, joules and seconds since the trial began, and test_metric where it is asked
// for. A parameter named `seed` is the seed; without one, trials of equal configurations are numbered from 1.
//
// A trial that failed ends in a row whose metric is nan, a unit after its last evaluation, with all that it used: as a
// training it was possible to begin, but not to finish. Left out are trials that never ran and those that went on from
// another's checkpoint. Joules and seconds have six significant digits, metrics nine.
//
// Errors say what the table cannot hold: an unknown energy, a part of a unit, a parameter that exists in some trials
// only or is called like a column, a learning rate that was cycled.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "report/terminal.h"

namespace sm2::report {

// `test` names the metric for the column test_metric.
base::Result<std::string> export_table(const Study& study, const std::optional<std::string>& test);

}  // namespace sm2::report
