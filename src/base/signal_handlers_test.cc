#include "base/signal_handlers.h"

#include <gtest/gtest.h>

#include <array>

namespace sm2::base {
namespace {

void handle(int) {}

void (*handler_of(int signal))(int) {
  struct sigaction now{};
  ::sigaction(signal, nullptr, &now);
  return now.sa_handler;
}

TEST(SignalHandlers, HoldWhileTheyLiveAndLeaveIgnoredSignalsAlone) {
  constexpr std::array kSignals = {SIGUSR1, SIGUSR2};
  ::signal(SIGUSR2, SIG_IGN);
  struct sigaction action{};
  action.sa_handler = handle;
  {
    const SignalHandlers handlers(kSignals, action);
    EXPECT_EQ(handler_of(SIGUSR1), handle);
    EXPECT_EQ(handler_of(SIGUSR2), SIG_IGN);
  }
  EXPECT_EQ(handler_of(SIGUSR1), SIG_DFL);
  EXPECT_EQ(handler_of(SIGUSR2), SIG_IGN);
  ::signal(SIGUSR2, SIG_DFL);
}

}  // namespace
}  // namespace sm2::base
