// A study as CodeCarbon's emissions.csv: a row for each trial that ran, energy in kWh, emissions in kg of CO2 equivalent, times in
// UTC. What was not metered by part, or is not known of the machine, is empty; docs/exports.md has the columns. The last two are
// SM2's own: where the energy comes from, and the trial's number.
#pragma once

#include <string>

#include "exchange/timeline.h"
#include "report/terminal.h"

namespace sm2::exchange {

std::string export_codecarbon(const report::Study& study, const Timeline& timeline);

}  // namespace sm2::exchange
