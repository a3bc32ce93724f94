#include "schedule.h"

#include <gtest/gtest.h>

namespace trainer {
namespace {

double rate(const std::string& schedule, std::int64_t step) {
  Settings settings;
  settings.learning_rate = 0.5;
  settings.schedule = schedule;
  return scheduled_rate(settings, step, 100);
}

TEST(Schedule, ConstantStays) {
  EXPECT_EQ(rate("constant", 0), 0.5);
  EXPECT_EQ(rate("constant", 99), 0.5);
}

TEST(Schedule, CosineFallsFromTheRateToZero) {
  EXPECT_DOUBLE_EQ(rate("cosine", 0), 0.5);
  EXPECT_NEAR(rate("cosine", 50), 0.25, 1e-12);
  EXPECT_NEAR(rate("cosine", 100), 0, 1e-12);
}

TEST(Schedule, OneCycleRisesForThirtyPercentAndFallsToNextToNothing) {
  EXPECT_NEAR(rate("one-cycle", 0), 0.5 / 25, 1e-12);
  EXPECT_LT(rate("one-cycle", 10), rate("one-cycle", 20));
  EXPECT_NEAR(rate("one-cycle", 29), 0.5, 1e-12);
  EXPECT_NEAR(rate("one-cycle", 99), 0.5 / 250000, 1e-12);
}

}  // namespace
}  // namespace trainer
