#include "meter/counter_domain.h"

#include <gtest/gtest.h>

#include <limits>

#include "testing/fake_clock.h"

namespace sm2::meter {
namespace {

using base::Joules;
using base::Seconds;
using base::Watts;

class CounterDomainTest : public ::testing::Test {
 protected:
  CounterDomain domain() {
    DomainInfo info;
    info.name = "gpu-0";
    info.source = "nvml";
    info.method = "counter";
    Counter counter;
    counter.per_count = Joules(1e-3);
    counter.highest = std::numeric_limits<std::uint64_t>::max();
    counter.highest_power = Watts(2000);
    counter.update = Seconds(0.1);
    counter.relative_error = 0.05;
    counter.read = [this] { return raw_; };
    if (says_power_) counter.power = [this] { return power_; };
    return {info, counter, clock_};
  }

  sm2::testing::FakeClock clock_;
  base::Result<std::uint64_t> raw_ = 5'000'000;
  bool says_power_ = true;
  std::optional<Watts> power_ = Watts(300);
};

TEST_F(CounterDomainTest, CountsFromWhereTheWindowBegan) {
  auto gpu = domain();
  const auto window = gpu.open({});
  clock_.advance(Seconds(10));
  *raw_ += 2'000'000;
  const trial::Reading reading = window->read();
  EXPECT_DOUBLE_EQ(reading.joules->value, 2000);
  EXPECT_NEAR(reading.noise.value, 300 * 0.1 + 1e-3, 1e-9) << "one update at the power of its ends";
  EXPECT_NEAR(reading.error.value, reading.noise.value + 100, 1e-9);
  EXPECT_EQ(trial::describe({reading}), "2.00 kJ +- 0.13 (nvml counter)");
  EXPECT_EQ(reading.note, "");
}

TEST_F(CounterDomainTest, WithoutAPowerTheMeanIsTakenTwice) {
  says_power_ = false;
  auto gpu = domain();
  const auto window = gpu.open({});
  clock_.advance(Seconds(10));
  *raw_ += 2'000'000;
  EXPECT_NEAR(window->read().noise.value, 2 * 200 * 0.1 + 1e-3, 1e-9);
}

TEST_F(CounterDomainTest, AWindowTooShortForItsStepsSaysSo) {
  auto gpu = domain();
  const auto window = gpu.open({});
  clock_.advance(Seconds(0.05));
  const trial::Reading reading = window->read();
  EXPECT_EQ(reading.joules, Joules(0));
  EXPECT_GE(reading.error.value, 300 * 0.05) << "the counter has not stepped yet, energy has been used";
  EXPECT_EQ(reading.note, "gpu-0: too short to resolve, the counter steps every 100 ms");
}

TEST_F(CounterDomainTest, ACounterThatGoesBackIsNeverANegativeFigure) {
  auto gpu = domain();
  const auto window = gpu.open({});
  clock_.advance(Seconds(1));
  raw_ = 10;  // the driver was loaded again
  const trial::Reading reading = window->read();
  EXPECT_EQ(reading.joules, std::nullopt);
  EXPECT_NE(reading.note.find("nvml gpu-0: the counter went from 5000000 to 10"), std::string::npos)
      << reading.note;
  const auto next = gpu.open({});
  clock_.advance(Seconds(1));
  *raw_ += 100'000;
  EXPECT_DOUBLE_EQ(next->read().joules->value, 100) << "a window opened afterwards is none the worse";
}

TEST_F(CounterDomainTest, AFailureIsUnknownAndBridgedWhenItPasses) {
  auto gpu = domain();
  const auto window = gpu.open({});
  clock_.advance(Seconds(1));
  const auto good = raw_;
  raw_ = base::fail("the GPU is lost");
  EXPECT_EQ(window->read().note, "nvml gpu-0: the GPU is lost");
  EXPECT_EQ(window->read().joules, std::nullopt);
  clock_.advance(Seconds(1));
  raw_ = *good + 500'000;
  EXPECT_DOUBLE_EQ(window->read().joules->value, 500);
}

TEST_F(CounterDomainTest, ACounterThatStandsStillIsNotZero) {
  auto gpu = domain();
  const auto window = gpu.open({});
  clock_.advance(Seconds(0.9));
  EXPECT_EQ(window->read().joules, Joules(0)) << "for a moment it may";
  clock_.advance(Seconds(0.2));
  EXPECT_EQ(window->read().note, "nvml gpu-0: the counter has stood still at 5000000 for 1.10 s");
  EXPECT_EQ(window->read().joules, std::nullopt);
  *raw_ += 1000;
  EXPECT_EQ(window->read().joules, Joules(1)) << "it moves again";
}

TEST_F(CounterDomainTest, ARangeTooSmallToFollowIsUnknownAndNoReasonToHurry) {
  DomainInfo info;
  Counter counter;
  counter.per_count = Joules(1e-6);
  counter.highest = 10'000'000;
  counter.highest_power = Watts(1000);
  counter.update = Seconds(0.001);
  counter.read = [this] { return raw_; };
  CounterDomain tiny(info, counter, clock_);
  EXPECT_EQ(tiny.read_within(), std::nullopt);
  EXPECT_NE(tiny.open({})->read().note.find("its range of 10.0 J is too small"), std::string::npos);
}

TEST_F(CounterDomainTest, NeedsNoReadingInBetweenUnlessItWraps) {
  EXPECT_EQ(domain().read_within(), std::nullopt);
  DomainInfo info;
  Counter counter;
  counter.per_count = Joules(1e-6);
  counter.highest = 262'143'328'850;
  counter.highest_power = Watts(1000);
  counter.update = Seconds(0.001);
  counter.read = [this] { return raw_; };
  EXPECT_NEAR(CounterDomain(info, counter, clock_).read_within()->value, 131, 1) << "half of 262 kJ / 1000 W";
}

}  // namespace
}  // namespace sm2::meter
