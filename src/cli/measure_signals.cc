#include "cli/measure_signals.h"

#include <atomic>

namespace sm2::cli {
namespace {

std::atomic<int> kept = 0;  // signal handlers reach nothing but this

void keep(int number) {
  int none = 0;
  kept.compare_exchange_strong(none, number);
}

}  // namespace

KeptSignals::KeptSignals() {
  kept = 0;
  for (std::size_t at = 0; at < kSignals.size(); ++at) {
    ::sigaction(kSignals[at], nullptr, &before_[at]);
    if (before_[at].sa_handler == SIG_IGN) continue;
    struct sigaction action{};
    action.sa_handler = keep;
    action.sa_flags = SA_RESTART;
    ::sigaction(kSignals[at], &action, nullptr);
  }
  struct sigaction nothing{};  // not SIG_IGN, which the command would inherit
  nothing.sa_handler = [](int) {};
  ::sigaction(SIGPIPE, &nothing, &pipe_before_);
}

KeptSignals::~KeptSignals() {
  for (std::size_t at = 0; at < kSignals.size(); ++at) ::sigaction(kSignals[at], &before_[at], nullptr);
  ::sigaction(SIGPIPE, &pipe_before_, nullptr);
}

std::optional<int> KeptSignals::first() const {
  const int number = kept;
  return number == 0 ? std::nullopt : std::optional(number);
}

void KeptSignals::pass_on() const {
  if (const auto number = first()) ::raise(*number);
}

}  // namespace sm2::cli
