// CPU seconds of everything below one guard. Read from the tree's control group, which misses nothing; else
// from /proc, which misses processes that nobody waited for. Never decreases.
#pragma once

#include <sys/types.h>

#include <optional>

#include "base/quantity.h"
#include "runner/cgroup.h"

namespace sm2::runner {

class CpuTime {
 public:
  explicit CpuTime(pid_t guard) : guard_(guard) {}

  // `cgroup` is null where the tree has none. After finish(), the final figure.
  std::optional<base::Seconds> read(const Cgroup* cgroup) const;

  // The final figure: the greater of what was read and `reaped`, the guard's own count at its end.
  base::Seconds finish(const Cgroup* cgroup, base::Seconds reaped);

 private:
  pid_t guard_;
  mutable std::optional<base::Seconds> last_;
  bool finished_ = false;
};

}  // namespace sm2::runner
