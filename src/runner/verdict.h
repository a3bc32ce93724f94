// How a training process is judged when it has ended: a pure function of what was observed.
#pragma once

#include <optional>
#include <string>

#include "trial/outcome.h"
#include "trial/report.h"

namespace sm2::runner {

struct Observed {
  int status = 0;                              // wait status
  std::optional<trial::Action> asked{};        // kPause or kStop, where it was asked to end
  bool terminated = false;                     // it was sent SIGTERM by the tuner
  bool killed = false;                         // it was sent SIGKILL by the tuner
  std::optional<trial::Outcome> over_limit{};  // the limit that was the reason to end it
  bool oom_kill = false;                       // the kernel killed for memory while it ran
  bool own_oom_kill = false;                   // and certainly in this very tree
  std::string output{};                        // the end of it
};

trial::Outcome judge(const Observed& observed);

}  // namespace sm2::runner
