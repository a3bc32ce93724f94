#include "meter/sampler.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <chrono>

namespace sm2::meter {
namespace {

class Counting final : public Sampled {
 public:
  explicit Counting(base::Seconds period) : period_(period) {}
  base::Seconds sample() override {
    sigset_t blocked;
    ::pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
    if (!::sigismember(&blocked, SIGTERM)) open_to_signals = true;
    ++samples;
    return period_;
  }
  std::atomic<int> samples = 0;
  std::atomic<bool> open_to_signals = false;

 private:
  base::Seconds period_;
};

void wait_for(const Counting& counting, int samples) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (counting.samples < samples && std::chrono::steady_clock::now() < until)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

TEST(Sampler, SamplesEachAtItsOwnPeriodUntilItEnds) {
  Counting quick(base::Seconds(0.002)), slow(base::Seconds(3600));
  {
    Sampler sampler({&quick, &slow});
    wait_for(quick, 20);
  }
  const int after = quick.samples;
  EXPECT_GE(after, 20);
  EXPECT_EQ(slow.samples, 1);
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_EQ(quick.samples, after);
}

TEST(Sampler, EndsAtOnceHoweverLongThePeriod) {
  Counting slow(base::Seconds(3600));
  const auto start = std::chrono::steady_clock::now();
  {
    Sampler sampler({&slow});
    wait_for(slow, 1);
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

TEST(Sampler, SignalsAreNotForItsThread) {
  Counting quick(base::Seconds(0.001));
  Sampler sampler({&quick});
  wait_for(quick, 3);
  EXPECT_FALSE(quick.open_to_signals);
  sigset_t blocked;
  ::pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
  EXPECT_FALSE(::sigismember(&blocked, SIGTERM)) << "the caller's own mask is as before";
}

}  // namespace
}  // namespace sm2::meter
