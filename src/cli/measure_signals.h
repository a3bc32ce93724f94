// Signals that ask this process to end, while no command runs that they could be passed on to: the first is kept and
// asked for, so that what was measured is told and what was set is restored. Those that are ignored (nohup) stay so.
// SIGPIPE does nothing meanwhile: a reader that has gone is an error of a write. One object at a time in a process.
#pragma once

#include <optional>

#include "base/signal_handlers.h"

namespace sm2::cli {

class KeptSignals {
 public:
  KeptSignals();

  std::optional<int> first() const;
  // Raises it again, for whoever handles signals now.
  void pass_on() const;

 private:
  base::SignalHandlers keeping_, pipe_;
};

}  // namespace sm2::cli
