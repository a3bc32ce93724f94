#include "report/recent_power.h"

#include <gtest/gtest.h>

#include "testing/sample_study.h"

namespace sm2::report {
namespace {

using testing::SampleStudy;

class RecentPowerTest : public ::testing::Test {
 protected:
  RecentPowerTest() {
    study.train(0, SampleStudy::configuration(64, 0.1), 0, 20);
    for (const trial::Event& event : study.events) power.note(event, study.state);
  }

  void metered(double after, const trial::Energy& energy) {
    study.add(trial::Metered{0, energy, base::Seconds(1)}, after);
    power.note(study.events.back(), study.state);
  }

  SampleStudy study;
  RecentPower power;
};

TEST_F(RecentPowerTest, IsUnknownBeforeASecondHasPassed) {
  study.add(trial::Opened{"0.1.0", "host-a", 1, {}});
  power.note(study.events.back(), study.state);
  EXPECT_FALSE(power.watts());
  metered(0.5, SampleStudy::energy(10));
  EXPECT_FALSE(power.watts());
  metered(0.5, SampleStudy::energy(20));
  EXPECT_DOUBLE_EQ(power.watts().value().value, 20);
}

TEST_F(RecentPowerTest, FollowsWhatIsUsedOfLate) {
  for (int at = 1; at <= 5; ++at) metered(2, SampleStudy::energy(20.0 * at));
  EXPECT_NEAR(power.watts().value().value, 10, 1e-6);
  for (int at = 1; at <= 4; ++at) metered(2, SampleStudy::energy(100 + 60.0 * at));
  EXPECT_NEAR(power.watts().value().value, 30, 1e-6) << "nothing of the time before is left";
}

TEST_F(RecentPowerTest, IsUnknownWhereATrialsEnergyIs) {
  metered(2, SampleStudy::energy(20));
  ASSERT_TRUE(power.watts());
  metered(2, SampleStudy::unknown_energy());
  EXPECT_FALSE(power.watts());
}

TEST_F(RecentPowerTest, WhatWasUsedBeforeThisSessionIsNoneOfIt) {
  metered(2, SampleStudy::energy(500));
  study.add(trial::Opened{"0.1.0", "host-a", 1, {}}, 3600);
  power.note(study.events.back(), study.state);
  EXPECT_FALSE(power.watts());
  metered(2, SampleStudy::energy(510));
  EXPECT_NEAR(power.watts().value().value, 5, 1e-6);
}

}  // namespace
}  // namespace sm2::report
