// How a training process, or a stretch of a trial, ended. A failed trial is data, not an exception.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "base/quantity.h"

namespace sm2::trial {

struct Completed {  // exited by itself with status 0
  bool operator==(const Completed&) const = default;
};
struct Paused {  // saved what it needs to go on, and exited when asked to
  bool operator==(const Paused&) const = default;
};
struct Stopped {  // ended because the tuner wanted no more of it
  std::string reason;
  bool operator==(const Stopped&) const = default;
};
struct Interrupted {  // ended because the tuner ended; says nothing about the trial
  bool operator==(const Interrupted&) const = default;
};
struct Failed {  // exited with a status other than 0, could not be started, or reported nothing
  int exit_code = 0;
  std::string detail;
  bool operator==(const Failed&) const = default;
};
struct Killed {  // ended by a signal that the tuner did not send
  int signal = 0;
  std::string detail;
  bool operator==(const Killed&) const = default;
};
struct OutOfMemory {
  std::string detail;
  bool operator==(const OutOfMemory&) const = default;
};
struct TimedOut {  // exceeded a limit of the study file: "wall", "silence" or "time"
  std::string limit;
  base::Seconds after;
  bool operator==(const TimedOut&) const = default;
};
struct Diverged {  // its loss or metric was no longer a finite number
  std::string detail;
  bool operator==(const Diverged&) const = default;
};

struct Exceeded {  // a limit of the study file that is neither of time nor of memory: "energy"
  std::string limit;
  std::string detail;
  bool operator==(const Exceeded&) const = default;
};

struct Withdrawn {  // the user wants no more of it
  bool operator==(const Withdrawn&) const = default;
};

using Outcome = std::variant<Completed, Paused, Stopped, Interrupted, Failed, Killed, OutOfMemory, TimedOut,
                             Diverged, Exceeded, Withdrawn>;

// Stable names for stored events and --json: "completed", "paused", "stopped", "interrupted", "failed",
// "killed", "out-of-memory", "timed-out", "diverged", "exceeded", "withdrawn".
std::string_view name(const Outcome& outcome);

// For people: "failed with exit status 2: no such file".
std::string describe(const Outcome& outcome);

// Whether the trial can still be trained, or compared by what it reached.
bool usable(const Outcome& outcome);

}  // namespace sm2::trial
