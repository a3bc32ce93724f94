#include "cli/measure_signals.h"

#include <gtest/gtest.h>

namespace sm2::cli {
namespace {

TEST(KeptSignals, KeepTheFirst) {
  const KeptSignals signals;
  EXPECT_FALSE(signals.first());
  ::raise(SIGTERM);
  ::raise(SIGINT);
  EXPECT_EQ(signals.first(), SIGTERM);
}

TEST(KeptSignals, LeaveWhatIsIgnoredAndPutEverythingBack) {
  ::signal(SIGHUP, SIG_IGN);
  {
    const KeptSignals signals;
    ::raise(SIGHUP);
    EXPECT_FALSE(signals.first()) << "nohup";
  }
  struct sigaction action{};
  ::sigaction(SIGHUP, nullptr, &action);
  EXPECT_EQ(action.sa_handler, SIG_IGN);
  ::signal(SIGHUP, SIG_DFL);
  ::sigaction(SIGTERM, nullptr, &action);
  EXPECT_EQ(action.sa_handler, SIG_DFL);
}

}  // namespace
}  // namespace sm2::cli
