// The tuner's hold on one guard (see guard_process.h), and by it on one program and everything the program
// starts. Poll control(); when it is readable call read(). Destroying the object kills the tree and waits for
// it.
#pragma once

#include <signal.h>

#include <sys/types.h>

#include <filesystem>
#include <optional>

#include "base/descriptor.h"
#include "base/quantity.h"
#include "base/result.h"
#include "runner/launch.h"

namespace sm2::runner {

class Guard {
 public:
  struct Streams {
    int output = -1;          // standard output and error of a background program
    bool foreground = false;  // share the caller's terminal, group and streams instead
    sigset_t mask{};          // of a foreground program: the signals that it starts with blocked
    std::filesystem::path
        folder{};  // of a background program's trial: the guard stays in it; empty: where it is
  };
  struct End {
    int status = 0;       // wait status of the program
    base::Seconds cpu;    // of every process of the tree that was waited for
    int left_behind = 0;  // processes that outlived the program unasked, and were killed
    bool left_unkilled = false;
  };

  // `cgroup`: descriptor of the control group's folder, or -1. Waits for the program's exec. Fails with what
  // a user can act upon.
  static base::Result<Guard> start(const Launch& launch, Streams streams, int cgroup);

  Guard(Guard&&) noexcept = default;
  Guard& operator=(Guard&&) = delete;
  ~Guard();

  pid_t pid() const { return pid_; }
  pid_t program() const { return program_; }
  bool in_cgroup() const { return in_cgroup_; }
  int control() const { return control_.get(); }

  void signal(int number) const;  // SIGKILL: to the whole tree; safe in a signal handler
  void give_up() const;           // kills a guard that does not answer

  // Takes in what the guard reported; true when it is gone and reaped. end() is empty then if it was killed.
  bool read();
  const std::optional<End>& end() const { return end_; }

 private:
  Guard(pid_t pid, pid_t program, bool in_cgroup, base::Descriptor control)
      : pid_(pid), program_(program), in_cgroup_(in_cgroup), control_(std::move(control)) {}

  pid_t pid_;
  pid_t program_;
  bool in_cgroup_;
  base::Descriptor control_;  // closed when the guard is gone
  std::optional<End> end_;
};

}  // namespace sm2::runner
