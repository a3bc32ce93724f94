#include "cli/measure_run.h"

#include <gtest/gtest.h>

#include <cmath>

#include "testing/fake_meter.h"

namespace sm2::cli {
namespace {

using base::Joules;
using base::Seconds;
using base::Watts;

class RunTest : public ::testing::Test {
 protected:
  base::SystemClock clock_;
  KeptSignals kept_;
  sm2::testing::FakeMeter meter_{clock_, Watts(100)};
};

TEST_F(RunTest, MeasuresWhatTheCommandTook) {
  const auto found = run({"sh", "-c", "exit 3"}, meter_, clock_, {}, kept_);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->exit, 3);
  EXPECT_FALSE(found->signal);
  EXPECT_GT(found->time, Seconds(0));
  ASSERT_EQ(found->energy.size(), 1u);
  EXPECT_GE(*found->energy[0].joules, Watts(100) * found->time);
}

TEST_F(RunTest, TellsWhetherACommandCouldBeStarted) {
  EXPECT_EQ(run({"sm2-no-such-command"}, meter_, clock_, {}, kept_).error().status, 127);
  EXPECT_EQ(check_command({"sm2-no-such-command"}).error().status, 127);
  EXPECT_EQ(check_command({"/dev/null"}).error().status, 126);
  EXPECT_TRUE(check_command({"true"}));
}

TEST_F(RunTest, PassesOnASignalThatCameBeforeTheCommand) {
  ::raise(SIGTERM);
  const auto found = run({"sleep", "60"}, meter_, clock_, {}, kept_);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->signal, SIGTERM);
  EXPECT_EQ(found->exit, 143);
}

TEST_F(RunTest, IsWatchedEveryIntervalFromTheStartAndWithoutDrift) {
  const Seconds interval(0.02);
  std::vector<Seconds> ticks;
  Joules last;
  const auto found = run({"sleep", "0.3"}, meter_, clock_,
                         Watch{interval,
                               [&](Seconds at, const trial::Energy& energy) {
                                 ticks.push_back(at);
                                 last = *energy.at(0).joules;
                               }},
                         kept_);
  ASSERT_TRUE(found);
  ASSERT_GE(ticks.size(), 2u);
  EXPECT_LE(ticks.size(), static_cast<std::size_t>(found->time / interval));
  double before = 0;
  for (const Seconds at : ticks) {
    EXPECT_GE(std::floor(at / interval), before + 1) << "two ticks in one interval";
    before = std::floor(at / interval);
  }
  EXPECT_GT(last, Joules(0));
  EXPECT_LE(last, *found->energy[0].joules);
}

TEST_F(RunTest, SkipsWhatItIsTooLateForInsteadOfCatchingUp) {
  const Seconds interval(0.01);
  std::vector<double> numbers;
  const auto found = run({"sleep", "0.3"}, meter_, clock_,
                         Watch{interval,
                               [&](Seconds at, const trial::Energy&) {
                                 numbers.push_back(std::floor(at / interval));
                                 const Seconds until = clock_.monotonic() + Seconds(0.05);
                                 while (clock_.monotonic() < until) {
                                 }
                               }},
                         kept_);
  ASSERT_TRUE(found);
  ASSERT_GE(numbers.size(), 2u);
  for (std::size_t i = 1; i < numbers.size(); ++i) EXPECT_GE(numbers[i] - numbers[i - 1], 4);
}

}  // namespace
}  // namespace sm2::cli
