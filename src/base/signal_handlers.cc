#include "base/signal_handlers.h"

namespace sm2::base {

SignalHandlers::SignalHandlers(std::span<const int> signals, const struct sigaction& action) {
  for (const int signal : signals) {
    struct sigaction before{};
    ::sigaction(signal, nullptr, &before);
    if (before.sa_handler == SIG_IGN) continue;
    before_.emplace_back(signal, before);
    ::sigaction(signal, &action, nullptr);
  }
}

SignalHandlers::~SignalHandlers() {
  for (const auto& [signal, before] : before_) ::sigaction(signal, &before, nullptr);
}

}  // namespace sm2::base
