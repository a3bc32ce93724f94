// What `sm2 tune --json` prints: an object a line for each event of a study, as docs/json.md has it. One line of ASCII without
// a newline; what is unknown or not finite is null.
#pragma once

#include <string>

#include "report/terminal.h"

namespace sm2::report {

std::string event_json(const config::Spec& spec, const trial::Event& event, const journal::StudyState& after);

// The last line: how the session ended, with sm2's exit status, and the best setting as best_json() has it.
std::string ended_json(const Study& study, const std::string& state, const std::string& reason,
                       int exit_status);

}  // namespace sm2::report
