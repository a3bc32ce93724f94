// What a trial holds, main memory and disk, looked at now and then and held against the limits of its job. Only what has
// a limit is looked at, memory more often than disk, and neither for more than a small share of the time.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "runner/cgroup.h"
#include "runner/runner.h"
#include "trial/outcome.h"

namespace sm2::runner {

class Holdings {
 public:
  using Processes = std::function<std::vector<pid_t>()>;

  // `folder`: of the trial. `processes`: its whole tree, asked for where the control group does not tell.
  Holdings(const Limits& limits, std::filesystem::path folder, Processes processes)
      : limits_(limits), folder_(std::move(folder)), processes_(std::move(processes)) {}

  // The limit that is exceeded, where something is due. `cgroup` is null where the tree has none.
  std::optional<trial::Outcome> look(const Cgroup* cgroup);

  std::optional<base::Seconds> next() const;  // when something is due, monotonic; nothing when never
  void look_at_memory_soon() { memory_due_ = base::Seconds(0); }

 private:
  std::optional<trial::Outcome> look_at_memory(const Cgroup* cgroup) const;
  std::optional<trial::Outcome> look_at_disk() const;

  Limits limits_;
  std::filesystem::path folder_;
  Processes processes_;
  base::SystemClock clock_;
  base::Seconds memory_due_{0}, disk_due_{0};
};

// For people: "limit memory: 16.20 GiB of 16.00 GiB".
trial::OutOfMemory over_memory(std::size_t held, std::size_t limit);

}  // namespace sm2::runner
