// What a store holds, for Prometheus: its text format 0.0.4. What is not known has no sample.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "dashboard/folded.h"
#include "dashboard/router.h"
#include "dashboard/studies.h"

namespace sm2::dashboard {

std::string metrics_text(const std::vector<std::shared_ptr<const Row>>& rows);

std::vector<Route> metrics_routes(Studies& studies);

}  // namespace sm2::dashboard
