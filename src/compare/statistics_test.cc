#include "compare/statistics.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"

namespace sm2::compare {
namespace {

TEST(Statistics, KnownAnswers) {
  EXPECT_DOUBLE_EQ(mean({1, 2, 6}), 3);
  EXPECT_DOUBLE_EQ(median({6, 1, 2}), 2);
  EXPECT_DOUBLE_EQ(median({6, 1, 2, 4}), 3);
  EXPECT_DOUBLE_EQ(geometric_mean({1, 10, 100}), 10);
}

TEST(Statistics, QuantilesAreThoseOfHyndmanAndFansSeventhType) {
  EXPECT_DOUBLE_EQ(quantile({15, 20, 35, 40, 50}, 0.4), 29);
  EXPECT_DOUBLE_EQ(quantile({3, 1, 2, 4}, 0.25), 1.75);
  EXPECT_DOUBLE_EQ(quantile({3, 1, 2}, 0), 1);
  EXPECT_DOUBLE_EQ(quantile({3, 1, 2}, 1), 3);
  EXPECT_DOUBLE_EQ(quantile({7}, 0.3), 7);
}

TEST(Statistics, TheIntervalOfEqualValuesIsTheValue) {
  EXPECT_EQ(interval_of_mean({2, 2, 2}), (Interval{2, 2}));
  EXPECT_EQ(interval_of_mean({5}), (Interval{5, 5}));
}

TEST(Statistics, TheIntervalIsTheSameEveryTimeAndHoldsTheMean) {
  const std::vector<double> values{1, 2, 3, 4, 10};
  const Interval interval = interval_of_mean(values);
  EXPECT_EQ(interval, interval_of_mean(values));
  EXPECT_LT(interval.low, mean(values));
  EXPECT_GT(interval.high, mean(values));
  EXPECT_GE(interval.low, 1);
  EXPECT_LE(interval.high, 10);
}

// Two values: the mean of two draws is the lower with probability 1/4, the middle 1/2, the higher 1/4.
TEST(Statistics, TheIntervalOfTwoValuesIsBothOfThem) {
  EXPECT_EQ(interval_of_mean({0, 1}), (Interval{0, 1}));
}

// For many values the bootstrap's is the normal interval: 1.96 standard deviations over the root of their number.
TEST(Statistics, TheIntervalOfManyValuesIsAsWideAsTheory) {
  base::Random random(1);
  std::vector<double> values(400);
  for (double& value : values) value = random.uniform();
  const Interval interval = interval_of_mean(values);
  const double expected = 2 * 1.96 * std::sqrt(1.0 / 12 / 400);
  EXPECT_NEAR(interval.high - interval.low, expected, 0.12 * expected);
}

TEST(Statistics, AFigureHoldsAllOfThem) {
  const Figure all = figure({1, 2, 6});
  EXPECT_DOUBLE_EQ(all.mean, 3);
  EXPECT_DOUBLE_EQ(all.median, 2);
  EXPECT_EQ((Interval{all.low, all.high}), interval_of_mean({1, 2, 6}));
}

}  // namespace
}  // namespace sm2::compare
