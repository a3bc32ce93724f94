// A study as an experiment of an MLflow file store, the folder mlruns/: a run per trial with parameters, metrics with their
// history, and tags. After mlflow/store/tracking/file_store.py; docs/exports.md says what stands for what.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"
#include "exchange/timeline.h"
#include "report/terminal.h"

namespace sm2::exchange {

// The experiment's identifier, and the name of its folder in the store: digits, the same at every export.
std::string mlflow_experiment(const report::Study& study);

// Writes the experiment into `folder`, which exists and is empty; `place`, absolute, is where it will be. Failures are said without
// the folder's name.
base::Result<> export_mlflow(const report::Study& study, const Timeline& timeline,
                             const std::filesystem::path& folder, const std::filesystem::path& place);

}  // namespace sm2::exchange
