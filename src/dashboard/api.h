// The REST API: what sm2 list, show and trials print with --json, and the logs of trials. docs/openapi.json describes it.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "dashboard/router.h"
#include "dashboard/studies.h"

namespace sm2::dashboard {

// The folder of a study's trials.
using TrialsFolder = std::function<std::filesystem::path(const std::string& study)>;

std::vector<Route> api_routes(Studies& studies, TrialsFolder trials_folder);

}  // namespace sm2::dashboard
