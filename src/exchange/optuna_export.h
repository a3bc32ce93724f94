// A study as an Optuna storage: an SQLite file that optuna.load_study() reads (docs/exports.md says which version, and what stands
// for what).
#pragma once

#include <filesystem>

#include "base/result.h"
#include "exchange/timeline.h"
#include "report/terminal.h"

namespace sm2::exchange {

// `file` must not exist; after a failure, which is said without its name, it is there in part.
base::Result<> export_optuna(const report::Study& study, const Timeline& timeline,
                             const std::filesystem::path& file);

}  // namespace sm2::exchange
