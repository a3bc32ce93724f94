#include "cli/measure_statistics.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"

namespace sm2::cli {
namespace {

TEST(Spread, IsMedianRangeAndMedianAbsoluteDeviation) {
  const auto odd = spread({5, 1, 9});
  ASSERT_TRUE(odd);
  EXPECT_EQ(odd->median, 5);
  EXPECT_EQ(odd->low, 1);
  EXPECT_EQ(odd->high, 9);
  EXPECT_EQ(odd->deviation, 4);
  const auto even = spread({4, 1, 2, 100});
  EXPECT_EQ(even->median, 3);
  EXPECT_EQ(even->deviation, 1.5) << "one outlier moves neither";
  EXPECT_EQ(spread({7})->deviation, 0);
  EXPECT_FALSE(spread({}));
}

std::vector<std::pair<double, double>> pairs(std::initializer_list<double> ratios) {
  std::vector<std::pair<double, double>> pairs;
  for (const double ratio : ratios) pairs.emplace_back(10, 10 * ratio);
  return pairs;
}

// Tables of the sign test: n = 5 has 1 - 2/32; n = 6 has 1 - 2/64; n = 10 with the second and ninth 1 - 22/1024.
TEST(Ratio, HasTheIntervalOfTheSignTest) {
  const auto five = ratio(pairs({0.8, 0.81, 0.82, 0.84, 0.85}));
  ASSERT_TRUE(five);
  EXPECT_DOUBLE_EQ(five->median, 0.82);
  EXPECT_DOUBLE_EQ(five->low, 0.8);
  EXPECT_DOUBLE_EQ(five->high, 0.85);
  EXPECT_NEAR(five->coverage, 0.9375, 1e-12);
  EXPECT_NEAR(ratio(pairs({1, 2, 3, 4, 5, 6}))->coverage, 0.96875, 1e-12);
  const auto ten = ratio(pairs({10, 9, 8, 7, 6, 5, 4, 3, 2, 1}));
  EXPECT_DOUBLE_EQ(ten->low, 2);
  EXPECT_DOUBLE_EQ(ten->high, 9);
  EXPECT_NEAR(ten->coverage, 1 - 22.0 / 1024, 1e-12);
}

TEST(Ratio, TellsADifferenceOnlyBeyondTheSpreadAndFromFivePairsOn) {
  EXPECT_TRUE(ratio(pairs({0.8, 0.81, 0.82, 0.84, 0.85}))->tells());
  EXPECT_TRUE(ratio(pairs({1.2, 1.1, 1.3, 1.1, 1.2}))->tells());
  EXPECT_FALSE(ratio(pairs({0.8, 0.81, 0.82, 0.84, 1.01}))->tells());
  EXPECT_FALSE(ratio(pairs({1, 1, 1, 1, 1}))->tells());
  EXPECT_FALSE(ratio(pairs({0.5, 0.5, 0.5, 0.5}))->tells());
  EXPECT_EQ(ratio(pairs({0.5}))->coverage, 0);
  EXPECT_FALSE(ratio({}));
}

TEST(Ratio, CoversTheTrueMedianAsOftenAsItSays) {
  base::Random random(7);
  for (const std::size_t n : {5, 9, 20}) {
    int covered = 0;
    double stated = 0;
    constexpr int kTrials = 4000;
    for (int trial = 0; trial < kTrials; ++trial) {
      std::vector<std::pair<double, double>> drawn;
      for (std::size_t i = 0; i < n; ++i)
        drawn.emplace_back(1, std::exp(std::tan(3.0 * (random.uniform() - 0.5))));
      const auto found = ratio(drawn);  // heavy tails around 1
      covered += found->low <= 1 && 1 <= found->high ? 1 : 0;
      stated = found->coverage;
    }
    EXPECT_NEAR(static_cast<double>(covered) / kTrials, stated, 0.015) << n;
  }
}

TEST(Ratio, OfManyPairsIsFinite) {
  std::vector<std::pair<double, double>> many;
  for (int i = 1; i <= 10'000; ++i) many.emplace_back(1, i);
  const auto found = ratio(many);
  EXPECT_GE(found->coverage, 0.95);
  EXPECT_LT(found->coverage, 0.96);
  EXPECT_NEAR(found->low, 4902, 3) << "5000 - 1.96 * 50";
}

}  // namespace
}  // namespace sm2::cli
