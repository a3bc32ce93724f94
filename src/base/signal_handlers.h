// Signal handlers that hold while the object lives, and are as before afterwards. Signals that are ignored stay so
// (nohup).
#pragma once

#include <signal.h>

#include <span>
#include <utility>
#include <vector>

namespace sm2::base {

class SignalHandlers {
 public:
  SignalHandlers(std::span<const int> signals, const struct sigaction& action);
  ~SignalHandlers();
  SignalHandlers(const SignalHandlers&) = delete;
  SignalHandlers& operator=(const SignalHandlers&) = delete;

 private:
  std::vector<std::pair<int, struct sigaction>> before_;
};

}  // namespace sm2::base
