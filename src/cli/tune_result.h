// What a study came to when `sm2 tune` ends: said to people or as JSON, and as the exit status.
#pragma once

#include "cli/tune_options.h"
#include "config/spec.h"
#include "journal/state.h"
#include "study/study.h"

namespace sm2::cli {

// Prints it, and returns the exit status.
int conclude(const TuneOptions& wanted, const config::Spec& spec, journal::StudyState state,
             const study::Conclusion& conclusion);

}  // namespace sm2::cli
