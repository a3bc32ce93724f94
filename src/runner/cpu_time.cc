#include "runner/cpu_time.h"

#include <unistd.h>

#include <algorithm>
#include <memory>

#include "runner/process_table.h"

namespace sm2::runner {
namespace {

std::optional<base::Seconds> from_proc(pid_t guard) {
  Process self;
  if (!read_process(guard, self)) return std::nullopt;
  const auto space = std::make_unique_for_overwrite<Process[]>(kMostProcesses);
  std::uint64_t ticks = self.reaped_ticks;
  for (const Process& process : descendants(guard, {space.get(), kMostProcesses}))
    ticks += process.own_ticks + process.reaped_ticks;
  static const double per_second = static_cast<double>(::sysconf(_SC_CLK_TCK));
  return base::Seconds(static_cast<double>(ticks) / per_second);
}

}  // namespace

std::optional<base::Seconds> CpuTime::read(const Cgroup* cgroup) const {
  if (finished_) return last_;
  const auto now = cgroup ? cgroup->cpu_time() : from_proc(guard_);
  if (now) last_ = std::max(*now, last_.value_or(base::Seconds(0)));
  return last_;
}

base::Seconds CpuTime::finish(const Cgroup* cgroup, base::Seconds reaped) {
  finished_ = true;
  const auto counted = cgroup ? cgroup->cpu_time() : std::nullopt;
  last_ = std::max({reaped, counted.value_or(base::Seconds(0)), last_.value_or(base::Seconds(0))});
  return *last_;
}

}  // namespace sm2::runner
