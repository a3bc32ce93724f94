// Built-in workloads whose trainings a formula gives (synthetic_world.h), by name:
//   batch-N  one parameter, batch_size, with the best learning rate for each; a target and power limits, as
//            in recorded traces
//   rate-N   batch_size and learning_rate; a target and power limits
//   large-N  six parameters, real, whole and named ones, and no target: cheap to draw, for studies of very
//            many trials
// Every whole number N is another world; a name without one is world 0, and batch-0..9 is ten of them. The
// oracle is the best of a grid of settings by mean runs, decided by many runs among the best few. Trainings
// must not outlive their workload.
#pragma once

#include "base/result.h"
#include "workload/opened.h"

namespace sm2::workload {

// Fails on an unknown name, a goal to minimise (synthetic metrics go up), or a target that nothing reaches.
base::Result<Opened> synthetic(const std::string& name, const OpenOptions& options);

}  // namespace sm2::workload
