#include "meter/power_domain.h"

#include <gtest/gtest.h>

#include <algorithm>

#include <cmath>

#include "testing/fake_clock.h"

namespace sm2::meter {
namespace {

using base::Joules;
using base::Seconds;
using base::Watts;

class PowerDomainTest : public ::testing::Test {
 protected:
  PowerDomainTest() {
    DomainInfo info;
    info.name = "gpu-0";
    info.source = "nvml";
    info.method = "power";
    PowerSensor sensor;
    sensor.duty = 0;
    sensor.highest = Watts(1000);
    sensor.relative_error = 0.05;
    domain_ = std::make_unique<PowerDomain>(info, sensor, [this] { return power_; }, clock_);
  }

  void run(Seconds time) {
    const Seconds until = clock_.monotonic() + time;
    while (clock_.monotonic() < until) {
      const Seconds next = domain_->sampled()->sample();
      clock_.advance(std::min(next, until - clock_.monotonic()));
    }
  }

  sm2::testing::FakeClock clock_;
  base::Result<Watts> power_ = Watts(200);
  std::unique_ptr<PowerDomain> domain_;
};

TEST_F(PowerDomainTest, IntegratesItsPower) {
  run(Seconds(5));
  const auto window = domain_->open({});
  run(Seconds(10));
  const trial::Reading reading = window->read();
  EXPECT_NEAR(reading.joules->value, 2000, 1e-6);
  EXPECT_EQ(trial::describe({reading}), "2.00 kJ +- 0.1 (nvml power)");
}

TEST_F(PowerDomainTest, EveryReadingIsASampleItself) {
  const auto window = domain_->open({});
  clock_.advance(Seconds(0.25));
  EXPECT_NEAR(window->read().joules->value, 50, 1e-9) << "no sampler ran at all";
}

TEST_F(PowerDomainTest, ImplausiblePowersAreUnknown) {
  const auto window = domain_->open({});
  for (const double bad : {-1.0, 1e6, std::nan(""), std::numeric_limits<double>::infinity()}) {
    clock_.advance(Seconds(0.1));
    power_ = Watts(bad);
    const trial::Reading reading = window->read();
    EXPECT_EQ(reading.joules, std::nullopt) << bad;
    EXPECT_NE(reading.note.find("not plausible"), std::string::npos) << reading.note;
  }
  power_ = Watts(200);
  clock_.advance(Seconds(0.1));
  EXPECT_NEAR(window->read().joules->value, 100, 1e-9) << "a short failure is bridged";
}

TEST_F(PowerDomainTest, NoPowerAtAllIsNotZeroJoules) {
  power_ = Watts(0);
  const auto window = domain_->open({});
  run(Seconds(0.5));
  EXPECT_EQ(window->read().joules, Joules(0)) << "a square wave may have a low half";
  run(Seconds(2));
  EXPECT_EQ(window->read().joules, std::nullopt);
  EXPECT_NE(window->read().note.find("its power has been 0 W for 2.50 s"), std::string::npos)
      << window->read().note;
  power_ = Watts(200);
  run(Seconds(1));
  EXPECT_TRUE(window->read().joules);
}

TEST_F(PowerDomainTest, ALongFailureIsBridgedWithItsDoubt) {
  const auto window = domain_->open({});
  power_ = base::fail("the GPU is lost");
  run(Seconds(30));
  EXPECT_EQ(window->read().note, "nvml gpu-0: the GPU is lost");
  power_ = Watts(200);
  run(Seconds(1));
  const trial::Reading reading = window->read();
  ASSERT_TRUE(reading.joules);
  EXPECT_GE(reading.error.value, 200 * 30);
  EXPECT_EQ(reading.note, "gpu-0: the power was not read throughout");
}

TEST_F(PowerDomainTest, WithoutAFirstSampleThereIsNothingToCountFrom) {
  power_ = base::fail("permission denied");
  const auto window = domain_->open({});
  power_ = Watts(200);
  clock_.advance(Seconds(1));
  EXPECT_EQ(window->read().joules, std::nullopt);
  EXPECT_EQ(window->read().note, "nvml gpu-0: not readable when the window was opened: permission denied");
}

TEST_F(PowerDomainTest, SamplesDoNotKeepStepWithALoad) {
  std::vector<double> waits;
  for (int i = 0; i < 50; ++i) waits.push_back(domain_->sampled()->sample().value);
  EXPECT_GT(std::ranges::max(waits), std::ranges::min(waits) * 1.2);
}

}  // namespace
}  // namespace sm2::meter
