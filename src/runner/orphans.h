// What to do when a guard itself was killed: its processes come to the tuner, the next subreaper, and are
// killed here. They are told from other children of the tuner by the guard's session, the trial's control
// group, or the trial's own environment variable.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "runner/cgroup.h"

namespace sm2::runner {

// Makes this process the subreaper of everything below it.
void adopt_orphans();

// Kills and reaps what was below the dead `guard`, for at most a few seconds. `variable`: "NAME=value", in
// the environment of this trial's processes only. Returns the wait status of `program`, where it could be
// had.
std::optional<int> kill_orphans(pid_t guard, pid_t program, const std::string& variable,
                                const Cgroup* cgroup);

}  // namespace sm2::runner
