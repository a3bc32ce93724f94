#include "meter/power_integral.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace sm2::meter {
namespace {

using base::Joules;
using base::Seconds;
using base::Watts;

PowerSensor of_the_moment() {
  PowerSensor sensor;
  sensor.duty = 0;
  sensor.highest = Watts(1000);
  return sensor;
}

PowerSensor averaging(Seconds averaged, Seconds update) {
  PowerSensor sensor;
  sensor.averaged = averaged;
  sensor.update = update;
  sensor.highest = Watts(1000);
  return sensor;
}

TEST(PowerIntegral, AConstantPowerIsExact) {
  PowerIntegral integral(of_the_moment());
  integral.add(Seconds(5), Watts(200));
  const auto start = integral.mark();
  for (int i = 1; i <= 10; ++i) integral.add(Seconds(5 + i), Watts(200));
  const auto energy = integral.since(start);
  ASSERT_TRUE(energy);
  EXPECT_DOUBLE_EQ(energy->joules.value, 2000);
  EXPECT_EQ(energy->elapsed, Seconds(10));
}

TEST(PowerIntegral, ARampIsExactByTheTrapezoidRule) {
  PowerIntegral integral(of_the_moment());
  integral.add(Seconds(0), Watts(0));
  const auto start = integral.mark();
  for (int i = 1; i <= 4; ++i) integral.add(Seconds(i), Watts(100 * i));
  EXPECT_DOUBLE_EQ(integral.since(start)->joules.value, 800);
}

TEST(PowerIntegral, BeforeAnySampleThereIsNothing) {
  PowerIntegral integral(of_the_moment());
  EXPECT_FALSE(integral.since(integral.mark()));
  const auto empty = integral.mark();
  integral.add(Seconds(1), Watts(1));
  EXPECT_FALSE(integral.since(empty));
  EXPECT_EQ(integral.since(integral.mark())->joules, Joules(0));
}

// A mean over 1 s shows a step only after a second: the correction brings the rest.
TEST(PowerIntegral, TheDelayOfAMeanIsMadeUpFor) {
  PowerIntegral integral(averaging(Seconds(1), Seconds(0)));
  integral.add(Seconds(0), Watts(60));
  const auto start = integral.mark();
  for (int i = 1; i <= 500; ++i) {
    const double t = 0.01 * i;
    integral.add(Seconds(t), Watts(60 + 240 * std::min(1.0, t)));
  }
  const auto energy = integral.since(start);
  EXPECT_NEAR(energy->joules.value, 5 * 300, 1e-6);
  EXPECT_NEAR(energy->noise.value, 0.5 * (60 + 300), 1e-6 + 2 * 2.4);
}

TEST(PowerIntegral, TheBoundOfTheEndsHoldsForABurstBeforeTheEnd) {
  PowerIntegral integral(averaging(Seconds(1), Seconds(0)));
  integral.add(Seconds(0), Watts(0));
  const auto start = integral.mark();
  // 1000 W during the last 50 ms: the mean shows 50 W of it.
  integral.add(Seconds(0.95), Watts(0));
  for (int i = 1; i <= 5; ++i) integral.add(Seconds(0.95 + 0.01 * i), Watts(10 * i));
  const auto energy = integral.since(start);
  EXPECT_LE(std::abs(energy->joules.value - 50), energy->error.value);
}

TEST(PowerIntegral, SamplesThatDifferMakeItLessSure) {
  PowerIntegral steady(of_the_moment()), jumping(of_the_moment());
  steady.add(Seconds(0), Watts(200));
  jumping.add(Seconds(0), Watts(100));
  const auto from_steady = steady.mark(), from_jumping = jumping.mark();
  for (int i = 1; i <= 100; ++i) {
    steady.add(Seconds(0.1 * i), Watts(200));
    jumping.add(Seconds(0.1 * i), Watts(i % 2 ? 300 : 100));
  }
  EXPECT_EQ(steady.since(from_steady)->noise, Joules(0));
  EXPECT_NEAR(jumping.since(from_jumping)->noise.value, 2 * 0.1 * 200 / std::sqrt(2) * 10, 0.5);
}

TEST(PowerIntegral, APartTimeSensorSaysWhatItMayHaveMissed) {
  PowerSensor sensor = averaging(Seconds(0.025), Seconds(0.1));
  sensor.duty = 0.25;
  sensor.fixed_phase = true;
  sensor.highest = Watts(400);
  PowerIntegral integral(sensor);
  integral.add(Seconds(0), Watts(300));
  const auto start = integral.mark();
  for (int i = 1; i <= 100; ++i) integral.add(Seconds(0.1 * i), Watts(300));
  const auto energy = integral.since(start);
  EXPECT_NEAR(energy->joules.value, 3000, 1e-9);
  EXPECT_GE(energy->error.value, 0.75 * 3000) << "three quarters may have been without power";
  EXPECT_LT(energy->noise.value, 0.02 * 3000) << "what differs between two windows is far less";
}

TEST(PowerIntegral, AGapIsBridgedAndSaidToBeUnsure) {
  PowerIntegral integral(of_the_moment());
  integral.add(Seconds(0), Watts(100));
  const auto start = integral.mark();
  integral.add(Seconds(0.02), Watts(100));
  EXPECT_FALSE(integral.since(start)->gap);
  integral.miss("the GPU is lost");
  EXPECT_EQ(integral.missing(), "the GPU is lost");
  integral.add(Seconds(3), Watts(300));
  EXPECT_EQ(integral.missing(), "");
  const auto energy = integral.since(start);
  EXPECT_TRUE(energy->gap);
  EXPECT_GE(energy->noise.value, 300 * 2.98);
}

TEST(PowerIntegral, TimeThatStandsStillOrGoesBackAddsNothing) {
  PowerIntegral integral(of_the_moment());
  integral.add(Seconds(1), Watts(100));
  const auto start = integral.mark();
  integral.add(Seconds(1), Watts(900));
  integral.add(Seconds(0.5), Watts(900));
  EXPECT_EQ(integral.since(start)->joules, Joules(0));
}

TEST(PowerIntegral, SamplesFollowTheSensorsOwnUpdates) {
  PowerIntegral slow(averaging(Seconds(0.1), Seconds(0.1)));
  EXPECT_DOUBLE_EQ(slow.next().value, 0.05);
  for (int i = 0; i < 200; ++i) slow.add(Seconds(0.025 * i), Watts(100 + i % 7));
  EXPECT_NEAR(slow.next().value, 0.025, 1e-9) << "it is quicker than was said";
  PowerIntegral moment(of_the_moment());
  EXPECT_DOUBLE_EQ(moment.next().value, 0.01);
}

}  // namespace
}  // namespace sm2::meter
