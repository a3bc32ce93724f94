// Signals that ask this process to end, while no command runs that they could be passed on to: the first is kept and
// asked for, so that what was measured is told and what was set is restored. Those that are ignored (nohup) stay so.
// SIGPIPE does nothing meanwhile: a
// reader that has gone is an error of a write. One object at a time in a process.
#pragma once

#include <signal.h>

#include <array>
#include <optional>

namespace sm2::cli {

class KeptSignals {
 public:
  KeptSignals();
  ~KeptSignals();
  KeptSignals(const KeptSignals&) = delete;
  KeptSignals& operator=(const KeptSignals&) = delete;

  std::optional<int> first() const;
  // Raises it again, for whoever handles signals now.
  void pass_on() const;

 private:
  static constexpr std::array kSignals = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
  std::array<struct sigaction, kSignals.size()> before_{};
  struct sigaction pipe_before_{};
};

}  // namespace sm2::cli
