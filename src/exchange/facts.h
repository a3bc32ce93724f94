// What SM2 knows of a study or a trial and other programs have no field for: names that begin with "sm2.", and values. Energy is
// in joules and says where it comes from; what is unknown is left out.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "report/terminal.h"

namespace sm2::exchange {

// sm2.trial, sm2.state, sm2.settings, sm2.winner, sm2.joules, sm2.joules_error, sm2.energy (in words), sm2.energy_quality,
// sm2.carbon_grams, sm2.seconds, sm2.resource, sm2.reason, sm2.note, and sm2.metric.NAME for each metric last reported.
nlohmann::json trial_facts(const report::Study& study, const journal::Trial& trial);

// sm2.version, sm2.host, sm2.strategy, sm2.metric, sm2.goal, sm2.resource, sm2.state, and energy as of a trial, of all of them.
nlohmann::json study_facts(const report::Study& study);

}  // namespace sm2::exchange
