#include "report/power.h"

#include <gtest/gtest.h>

#include "testing/sample_study.h"

namespace sm2::report {
namespace {

trial::Reading reading(const std::string& domain, std::optional<double> joules, bool counted = true) {
  trial::Reading one{domain, "nvml", trial::Quality::kMeasured, {}, {}, {}, {}, "", "counter", counted};
  if (joules) one.joules = base::Joules(*joules);
  return one;
}

class PowerTest : public ::testing::Test {
 protected:
  void tell(trial::EventBody body) {
    study.add(std::move(body));
    power.tell(study.events.back(), study.state);
  }
  void launch(int trial) {
    tell(trial::Decided{trial::Train{trial, testing::SampleStudy::configuration(64, 0.1), 0, 20, {}, {}}});
    tell(trial::Launched{trial, {}});
  }
  void metered(int trial, double seconds, trial::Energy energy) {
    tell(trial::Metered{trial, std::move(energy), base::Seconds(seconds)});
  }
  void exited(int trial, double seconds, trial::Energy energy) {
    tell(trial::Exited{trial, {trial::Paused{}, 1, {}, std::move(energy), base::Seconds(seconds), {}}, ""});
  }

  testing::SampleStudy study;
  Power power;
};

TEST_F(PowerTest, IsEnergyOverTimeByDomain) {
  metered(0, 2, {reading("gpu-0", 100), reading("gpu-1", 10)});
  EXPECT_EQ(power.now().trials, 0) << "one reading says nothing";
  EXPECT_FALSE(power.watts());
  metered(0, 4, {reading("gpu-0", 300), reading("gpu-1", 30)});
  const Power::Now now = power.now();
  ASSERT_EQ(now.domains.size(), 2u);
  EXPECT_EQ(now.domains[0].domain, "gpu-0");
  EXPECT_EQ(now.domains[0].source, "nvml counter");
  EXPECT_EQ(now.domains[0].power, base::Watts(100));
  EXPECT_EQ(now.domains[1].power, base::Watts(10));
  EXPECT_EQ(now.total, base::Watts(110));
  EXPECT_EQ(power.watts(), base::Watts(110));
  EXPECT_EQ(now.over, base::Seconds(2));
  EXPECT_EQ(now.last_heard, study.events.back().time);
}

TEST_F(PowerTest, BeginsWithTheProcess) {
  launch(0);
  EXPECT_FALSE(power.watts());
  metered(0, 0.5, {reading("gpu-0", 10)});
  EXPECT_FALSE(power.watts()) << "before a second has passed";
  metered(0, 1, {reading("gpu-0", 20)});
  EXPECT_EQ(power.watts(), base::Watts(20));
}

TEST_F(PowerTest, WhatAnEarlierStretchUsedIsNoneOfIt) {
  launch(0);
  exited(0, 100, {reading("gpu-0", 5000)});
  EXPECT_FALSE(power.watts());
  tell(trial::Opened{"0.1.0", "host-a", 1, {}});
  launch(0);
  metered(0, 102, {reading("gpu-0", 5010)});
  EXPECT_EQ(power.watts(), base::Watts(5));
}

TEST_F(PowerTest, ForgetsWhatIsOld) {
  for (int at = 0; at <= 20; ++at) metered(0, 2 * at, {reading("gpu-0", at <= 10 ? 0 : 100 * (at - 10))});
  EXPECT_EQ(power.now().total, base::Watts(50));
  EXPECT_EQ(power.now().over, base::Seconds(6));
}

TEST_F(PowerTest, ReportsAtAnyRateAreWeighedByTheirTime) {
  for (int at = 0; at <= 10000; ++at)
    metered(0, 0.001 * at, {reading("gpu-0", at <= 5000 ? 0 : 0.001 * (at - 5000))});
  EXPECT_NEAR(power.now().total.value, 1, 0.05);
  EXPECT_NEAR(power.now().over.value, 5, 0.3);
}

TEST_F(PowerTest, AddsTrialsThatRunTogetherAndForgetsThoseThatEnded) {
  for (const int trial : {0, 1}) {
    metered(trial, 2, {reading("gpu-0", 0)});
    metered(trial, 4, {reading("gpu-0", 20)});
  }
  EXPECT_EQ(power.now().total, base::Watts(20));
  EXPECT_EQ(power.now().trials, 2);
  exited(0, 4, {reading("gpu-0", 20)});
  EXPECT_EQ(power.now().total, base::Watts(10));
  tell(trial::Closed{"finished", "", {}});
  EXPECT_EQ(power.now().trials, 0);
}

TEST_F(PowerTest, PartsOfOthersAndWhatIsUnknownAreLeftOut) {
  metered(0, 2, {reading("package", 0), reading("core", 0, false), reading("dram", {})});
  metered(0, 4, {reading("package", 10), reading("core", 8, false), reading("dram", 5)});
  ASSERT_EQ(power.now().domains.size(), 1u);
  EXPECT_EQ(power.now().total, base::Watts(5));
  EXPECT_FALSE(power.now().whole);
  EXPECT_FALSE(power.watts()) << "that of a part is not the trial's";
  metered(0, 9, {reading("package", 35), reading("core", 8, false), reading("dram", 10)});
  EXPECT_EQ(power.watts(), base::Watts(6)) << "once it is known at both ends";
}

TEST_F(PowerTest, IsUnknownWhereATrialsEnergyIs) {
  launch(0);
  metered(0, 2, {reading("gpu-0", 20)});
  ASSERT_TRUE(power.watts());
  launch(1);
  metered(1, 2, {reading("gpu-0", {})});
  EXPECT_FALSE(power.watts());
  EXPECT_EQ(power.now().total, base::Watts(10)) << "of the other one";
}

TEST_F(PowerTest, ReadingsAtOnceAreNoPower) {
  metered(0, 2, {reading("gpu-0", 0)});
  metered(0, 2.1, {reading("gpu-0", 20)});
  EXPECT_EQ(power.now().trials, 0);
}

}  // namespace
}  // namespace sm2::report
