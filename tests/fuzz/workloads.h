// What every workload promises that could be opened.
#pragma once

#include <algorithm>
#include <cmath>

#include "tests/fuzz/checks.h"
#include "workload/opened.h"

namespace sm2::fuzz {

inline void check_training(const workload::Training& training, const workload::Job& job) {
  require(training.length() >= 1, "a training has a unit");
  for (const int unit : {1, std::min(2, training.length()), training.length()}) {
    const auto metric = training.metric(unit);
    require(!metric || !std::isinf(*metric), "a metric is a number, or not one");
    auto limits = std::vector<std::optional<base::Watts>>(job.power_limits.begin(), job.power_limits.end());
    limits.push_back({});
    for (const auto& limit : limits) {
      const workload::Cost cost = training.cost(unit, limit);
      require(std::isfinite(cost.joules.value) && cost.joules >= base::Joules(0),
              "energy is finite and not negative");
      require(std::isfinite(cost.seconds.value) && cost.seconds >= base::Seconds(0),
              "time is finite and not negative");
    }
  }
}

inline void check_workloads(const workload::Opened& opened) {
  require(!opened.workloads.empty(), "what was opened holds a case");
  base::Random random(1);
  for (const auto& each : opened.workloads) {
    const workload::Oracle& oracle = each->oracle();
    require(std::isfinite(oracle.joules.value) && oracle.joules > base::Joules(0), "an oracle uses energy");
    require(each->job().space.contains(oracle.configuration), "an oracle's setting is in the space");
    check_training(*each->draw(oracle.configuration, random), each->job());
    check_training(*each->draw(each->job().space.sample(random), random), each->job());
  }
}

}  // namespace sm2::fuzz
