#include "cli/measure_signals.h"

#include <array>
#include <atomic>

namespace sm2::cli {
namespace {

constexpr std::array kKept = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
constexpr std::array kPipe = {SIGPIPE};

std::atomic<int> kept = 0;  // signal handlers reach nothing but this

void keep(int number) {
  int none = 0;
  kept.compare_exchange_strong(none, number);
}

struct sigaction keeping() {
  kept = 0;
  struct sigaction action{};
  action.sa_handler = keep;
  action.sa_flags = SA_RESTART;
  return action;
}

// Not SIG_IGN, which the command would inherit.
struct sigaction nothing() {
  struct sigaction action{};
  action.sa_handler = [](int) {};
  return action;
}

}  // namespace

KeptSignals::KeptSignals() : keeping_(kKept, keeping()), pipe_(kPipe, nothing()) {}

std::optional<int> KeptSignals::first() const {
  const int number = kept;
  return number == 0 ? std::nullopt : std::optional(number);
}

void KeptSignals::pass_on() const {
  if (const auto number = first()) ::raise(*number);
}

}  // namespace sm2::cli
