// A trial as a file has it, before it is held against a space.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "config/past_file.h"
#include "config/spec.h"
#include "strategy/experience.h"

namespace sm2::exchange {

struct PastTrial {
  std::map<std::string, space::Value> parameters;
  std::vector<strategy::Experience::Point> points;  // by growing resource, the metric as the file has it
  bool failed = false;
};

// Trials that have not ended are left out. Fail, in one line that begins with the file.
base::Result<std::vector<PastTrial>> read_optuna(const config::PastFile& file, const config::Spec& spec);
base::Result<std::vector<PastTrial>> read_csv(const config::PastFile& file, const config::Spec& spec);

}  // namespace sm2::exchange
