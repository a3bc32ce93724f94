// What a study came to when `sm2 tune` ends: said to people or as JSON, and as the exit status.
#pragma once

#include <string>
#include <string_view>

#include "cli/tune_options.h"
#include "config/spec.h"
#include "journal/state.h"
#include "study/study.h"

namespace sm2::cli {

// For people: "sm2 COMMAND STUDY", with the store where that is not the default.
std::string command_on_study(const TuneOptions& wanted, std::string_view command, const std::string& study);

// Prints it, and returns the exit status.
int conclude(const TuneOptions& wanted, const config::Spec& spec, journal::StudyState state,
             const study::Conclusion& conclusion);

}  // namespace sm2::cli
