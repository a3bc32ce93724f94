// What `sm2 trials` prints: the trials that a query selects, for people, as CSV or as JSON.
#pragma once

#include <string>
#include <vector>

#include "report/trial_query.h"

namespace sm2::report {

// At most kWidth columns wide, the reasons below; with query.columns as wide as those are. Printable.
std::string trials_text(const Study& study, const TrialQuery& query = {});

// As RFC 4180 has it, lines end in CRLF; by itself the columns of export_csv().
std::string trials_csv(const Study& study, const TrialQuery& query = {});

// An object a trial: as trial_json() has it, or with query.columns their names and values alone.
std::vector<std::string> trials_json(const Study& study, const TrialQuery& query = {});

}  // namespace sm2::report
