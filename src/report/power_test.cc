#include "report/power.h"

#include <gtest/gtest.h>

namespace sm2::report {
namespace {

trial::Reading reading(const std::string& domain, std::optional<double> joules, bool counted = true) {
  trial::Reading one{domain, "nvml", trial::Quality::kMeasured, {}, {}, {}, {}, "", "counter", counted};
  if (joules) one.joules = base::Joules(*joules);
  return one;
}

trial::Event metered(int trial, double seconds, trial::Energy energy) {
  return {base::Seconds(1000 + seconds), trial::Metered{trial, std::move(energy), base::Seconds(seconds)}};
}

trial::Event exited(int trial) { return {base::Seconds(2000), trial::Exited{trial, {}, ""}}; }

TEST(PowerTest, IsEnergyOverTimeByDomain) {
  Power power;
  power.tell(metered(0, 2, {reading("gpu-0", 100), reading("gpu-1", 10)}));
  EXPECT_EQ(power.now().trials, 0) << "one reading says nothing";
  power.tell(metered(0, 4, {reading("gpu-0", 300), reading("gpu-1", 30)}));
  const Power::Now now = power.now();
  ASSERT_EQ(now.domains.size(), 2u);
  EXPECT_EQ(now.domains[0].domain, "gpu-0");
  EXPECT_EQ(now.domains[0].source, "nvml counter");
  EXPECT_EQ(now.domains[0].power, base::Watts(100));
  EXPECT_EQ(now.domains[1].power, base::Watts(10));
  EXPECT_EQ(now.total, base::Watts(110));
  EXPECT_EQ(now.over, base::Seconds(2));
  EXPECT_EQ(now.last_heard, base::Seconds(1004));
}

TEST(PowerTest, ForgetsWhatIsOld) {
  Power power;
  for (int at = 0; at <= 20; ++at)
    power.tell(metered(0, 2 * at, {reading("gpu-0", at <= 10 ? 0 : 100 * (at - 10))}));
  EXPECT_EQ(power.now().total, base::Watts(50));
  EXPECT_EQ(power.now().over, base::Seconds(6));
}

TEST(PowerTest, AddsTrialsThatRunTogetherAndForgetsThoseThatEnded) {
  Power power;
  for (const int trial : {0, 1}) {
    power.tell(metered(trial, 2, {reading("gpu-0", 0)}));
    power.tell(metered(trial, 4, {reading("gpu-0", 20)}));
  }
  EXPECT_EQ(power.now().total, base::Watts(20));
  EXPECT_EQ(power.now().trials, 2);
  power.tell(exited(0));
  EXPECT_EQ(power.now().total, base::Watts(10));
  power.tell({base::Seconds(3000), trial::Closed{"finished", "", {}}});
  EXPECT_EQ(power.now().trials, 0);
}

TEST(PowerTest, PartsOfOthersAndWhatIsUnknownAreLeftOut) {
  Power power;
  power.tell(metered(0, 2, {reading("package", 0), reading("core", 0, false), reading("dram", {})}));
  power.tell(metered(0, 4, {reading("package", 10), reading("core", 8, false), reading("dram", 5)}));
  ASSERT_EQ(power.now().domains.size(), 1u);
  EXPECT_EQ(power.now().total, base::Watts(5));
}

TEST(PowerTest, ReadingsAtOnceAreNoPower) {
  Power power;
  power.tell(metered(0, 2, {reading("gpu-0", 0)}));
  power.tell(metered(0, 2.1, {reading("gpu-0", 20)}));
  EXPECT_EQ(power.now().trials, 0);
}

}  // namespace
}  // namespace sm2::report
