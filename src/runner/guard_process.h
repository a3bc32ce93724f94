// What a guard does in its own process, between fork and _exit: it starts one program, is the nearest
// subreaper of everything the program starts, so that nothing can escape it by daemonising, and reports the
// end. When its tuner dies, in whatever way, it reads end of file on the control channel and kills the whole
// tree. Only async-signal-safe calls and no allocation, because the tuner may have been threaded.
//
// The channel is a SOCK_SEQPACKET pair. The tuner sends signal numbers (int): SIGKILL ends the whole tree,
// every other one goes to the program (in the background: to its process group, which is let go on where it had
// stopped itself, so that it hears of it). The guard sends one Started
// or NotStarted, and after Started at most one Ended; it exits after NotStarted and after Ended.
#pragma once

#include <sched.h>
#include <signal.h>
#include <sys/types.h>

#include <cstdint>

namespace sm2::runner {

inline constexpr char kGuardName[] = "trial-guard";  // of its process, as ps shows it

struct GuardPlan {
  const char* program = nullptr;  // a path
  char* const* arguments = nullptr;
  char* const* environment = nullptr;
  const char* directory = nullptr;  // to start it in; may be null
  const char* folder =
      nullptr;       // of its trial, which the guard stays in, so that it can be told; may be null
  int control = -1;  // the guard's end
  int output = -1;   // becomes standard output and error
  int cgroup = -1;   // descriptor of a folder the program joins, or -1
  const cpu_set_t* processors = nullptr;  // to run the program on; null: on all
  // In the foreground the program keeps the tuner's process group, terminal, standard streams and ignored
  // signals, and what it leaves behind goes on; in the background it gets its own, and nothing is left.
  bool foreground = false;
  sigset_t mask{};  // that a foreground program starts with
};

struct GuardReport {
  enum class Kind { kStarted, kNotStarted, kEnded };
  enum class Step { kFork, kGroup, kDirectory, kProgram };  // where starting failed
  Kind kind = Kind::kStarted;
  pid_t program = 0;           // kStarted
  Step step = Step::kFork;     // kNotStarted
  int error = 0;               // kNotStarted: errno
  int status = 0;              // kEnded: wait status of the program
  std::int64_t cpu_usec = 0;   // kEnded: of every process that was waited for
  int left_behind = 0;         // kEnded: processes that outlived the program and were killed
  bool left_unkilled = false;  // kEnded: something did not die of SIGKILL in time
};

// All signals must be blocked. Never returns.
[[noreturn]] void run_guard(const GuardPlan& plan);

}  // namespace sm2::runner
