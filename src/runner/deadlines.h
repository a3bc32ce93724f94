// When a training process is to be told to end, and how firmly: a state machine without I/O. After being
// asked to end, or over a limit of time, it gets SIGTERM, then SIGKILL, and at last its guard is given up; between
// two of them lies limits.grace, before the last one at least two seconds. One that takes what others need, memory or
// disk, gets SIGKILL at once. Times are monotonic.
#pragma once

#include <algorithm>
#include <optional>

#include "base/quantity.h"
#include "runner/runner.h"
#include "runner/verdict.h"

namespace sm2::runner {

enum class Measure { kNone, kTerminate, kKill, kGiveUp };

class Deadlines {
 public:
  Deadlines(const Limits& limits, base::Seconds now) : limits_(limits), started_(now), heard_(now) {}

  void heard(base::Seconds now) { heard_ = now; }

  // `gently`: the program has been told by its socket, and has the grace period before SIGTERM. kStop
  // prevails over kPause.
  void ask(trial::Action action, base::Seconds now, bool gently);

  // It holds more than a limit allows.
  void exceeded(trial::Outcome outcome, base::Seconds now);

  // It has been kept waiting for so long before due() was told that it is awaited. Once for each wait.
  void excuse(base::Seconds waited) {
    if (!awaited_since_) started_ = std::max(started_, std::min(started_ + waited, heard_));
  }

  // The measure that is due, which counts as taken. `awaited`: the program waits for the tuner's answer,
  // which is no silence, and no time of its own.
  Measure due(base::Seconds now, bool awaited);

  // When due() may have something new; nothing when never.
  std::optional<base::Seconds> next(bool awaited) const;

  std::optional<trial::Action> asked() const { return asked_; }
  void describe(Observed& observed) const;  // its asked, terminated, killed and over_limit

 private:
  void check_limits(base::Seconds now, bool awaited);

  Limits limits_;
  base::Seconds started_;  // later by what it has been kept waiting
  base::Seconds heard_;
  std::optional<base::Seconds> awaited_since_;
  std::optional<trial::Action> asked_;
  std::optional<trial::Outcome> over_limit_;
  bool at_once_ = false;  // without SIGTERM
  Measure taken_ = Measure::kNone;
  std::optional<base::Seconds> next_measure_;  // when the one after taken_ is due
};

}  // namespace sm2::runner
