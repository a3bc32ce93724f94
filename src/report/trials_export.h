// A study for other programs. Pure functions of the journal.
//
// export_csv: a row per trial (RFC 4180, lines end in CRLF) for spreadsheets and data frames, columns as in `sm2 trials
// --json`, parameters as param.NAME; what is unknown is empty. Texts that a spreadsheet would take for a formula get an
// apostrophe before them.
// export_json: one object with everything: `study` as `sm2 show --json` has it, and `trials` as in `sm2 trials --json`,
// each with its `evaluations`; export_trial_json: one of these.
#pragma once

#include <string>

#include "report/terminal.h"

namespace sm2::report {

std::string export_csv(const Study& study);
std::string export_json(const Study& study);
std::string export_trial_json(const Study& study, const journal::Trial& trial);

}  // namespace sm2::report
