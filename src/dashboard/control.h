// What changes something: a study, or one of its trials, paused, resumed or stopped. Asked with POST, by those alone who have the
// server's token (gate.h); the tuner carries it out. docs/openapi.json describes it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "dashboard/router.h"
#include "dashboard/studies.h"
#include "journal/requests.h"

namespace sm2::dashboard {

// Leaves the request for the study's tuner.
using Ask =
    std::function<base::Result<journal::RequestId>(const std::string& study, const trial::Request& request)>;

std::vector<Route> control_routes(Studies& studies, const Ask& ask);

}  // namespace sm2::dashboard
