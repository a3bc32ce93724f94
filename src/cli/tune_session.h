// One session of tuning: a study is begun, or gone on with, until it ends or is interrupted.
#pragma once

#include "base/result.h"
#include "cli/tune_options.h"
#include "config/spec.h"

namespace sm2::cli {

// Prints what `wanted` lets it; the exit status. Fails, having changed nothing of the study, when another tuner has it.
base::Result<int> run_session(const TuneOptions& wanted, config::Spec spec);

}  // namespace sm2::cli
