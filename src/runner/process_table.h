// The processes of this machine as /proc shows them. Allocates nothing and calls only async-signal-safe
// functions, so that a guard may use it after fork: the caller provides the space. Pids may be stale as soon
// as they are read.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <span>

namespace sm2::runner {

struct Process {  // without initial values, so that space for many costs nothing
  pid_t pid;
  pid_t parent;
  pid_t session;
  bool zombie;
  std::uint64_t own_ticks;     // CPU time of its own, in 1 / sysconf(_SC_CLK_TCK) s
  std::uint64_t reaped_ticks;  // and of the children it has waited for
};

inline constexpr std::size_t kMostProcesses = 32'768;  // space enough for any machine

// False when there is no such process.
bool read_process(pid_t pid, Process& into);

// All living descendants and zombies below `root`, without root itself; the first ones where `space` is too
// small. Where the kernel lists no children (/proc/PID/task/TID/children), every process is looked at, and
// `space` must have room for all of them. `space` is scratch beyond the result.
std::span<Process> descendants(pid_t root, std::span<Process> space);

}  // namespace sm2::runner
