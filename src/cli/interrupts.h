// The user's wish to end: SIGINT, SIGTERM, SIGHUP and SIGQUIT are counted for as long as the object lives, and make a
// descriptor readable so that a wait ends at once. One object at a time in a process. SIGPIPE and SIGXFSZ are ignored
// meanwhile: a closed output, or a file that may not grow, is an error of a write, not the end of a study. A signal that
// was ignored stays so (nohup).
#pragma once

#include <optional>

#include "base/quantity.h"
#include "base/signal_handlers.h"

namespace sm2::cli {

inline constexpr int kInterrupted = 130;  // the exit status of a command that a signal ended in order

class Interrupts {
 public:
  Interrupts();
  ~Interrupts();
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

  int descriptor() const;                // readable while a signal is not yet counted
  int count();                           // signals so far
  void sleep(base::Seconds time) const;  // less, when a signal comes

 private:
  int counted_ = 0;
  std::optional<base::SignalHandlers> counting_, ignoring_;
};

}  // namespace sm2::cli
