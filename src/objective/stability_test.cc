#include "objective/stability.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace sm2::objective {
namespace {

constexpr trial::RateBounds kBounds{1e-3, 1};

// One triangular cycle on a log scale; `loss_at` maps a learning rate and the loss before to the next loss.
template <class Next>
Stability cycle(Next next) {
  Stability stability(kBounds);
  double loss = 2;
  for (int step = 0; step < 400; ++step) {
    const double height = 1 - std::abs(2 * step / 400.0 - 1);
    const double rate = kBounds.low * std::pow(kBounds.high / kBounds.low, height);
    loss = next(rate, loss);
    stability.add(loss, rate);
  }
  return stability;
}

TEST(Stability, AFallingLossIsStableThroughout) {
  const Stability stability = cycle([](double, double loss) { return loss * 0.995; });
  EXPECT_EQ(stability.share(), 1.0);
  ASSERT_TRUE(stability.stable_rates());
  EXPECT_NEAR(stability.stable_rates()->low, 1e-3, 1e-9);
  EXPECT_NEAR(stability.stable_rates()->high, 1, 1e-9);
}

TEST(Stability, RatesAtWhichTheLossJumpsAreLeftOut) {
  const Stability stability =
      cycle([](double rate, double loss) { return rate > 0.1 ? std::min(10.0, loss * 1.05) : loss * 0.98; });
  EXPECT_LT(*stability.share(), 0.8);
  ASSERT_TRUE(stability.stable_rates());
  EXPECT_NEAR(stability.stable_rates()->low, 1e-3, 1e-9);
  EXPECT_LT(stability.stable_rates()->high, 0.2);
  EXPECT_GT(stability.stable_rates()->high, 0.02);
}

TEST(Stability, RatesThatWereNotTriedStayInTheBounds) {
  Stability stability(kBounds);
  for (int step = 0; step <= 100; ++step) stability.add(2 - step * 0.01, 0.1 * std::pow(10, step / 100.0));
  ASSERT_TRUE(stability.stable_rates());
  EXPECT_NEAR(stability.stable_rates()->low, 1e-3, 1e-9);
  EXPECT_NEAR(stability.stable_rates()->high, 1, 1e-9);
}

TEST(Stability, NothingIsStableAboveARateAtWhichTheLossWasLost) {
  Stability stability(kBounds);  // 1e-3 to 1: lost at a quarter of the way, on a log scale
  for (int step = 0; step <= 100; ++step) {
    const double loss = step < 50 ? 2 - step * 0.01 : std::numeric_limits<double>::quiet_NaN();
    stability.add(loss, 1e-3 * std::pow(1000, step / 200.0));
  }
  ASSERT_TRUE(stability.stable_rates());
  EXPECT_NEAR(stability.stable_rates()->low, 1e-3, 1e-9);
  EXPECT_LT(stability.stable_rates()->high, 1e-3 * std::pow(1000, 0.25) * 1.01);
}

TEST(Stability, ALossThatOnlyRisesHasNoStableRates) {
  EXPECT_EQ(cycle([](double, double loss) { return loss * 1.05; }).stable_rates(), std::nullopt);
}

TEST(Stability, NaNStepsAreNeverStableAndSpoilNothing) {
  Stability stability(std::nullopt);
  for (int step = 0; step < 10; ++step) {
    stability.add(1, {});
    stability.add(std::numeric_limits<double>::quiet_NaN(), {});
  }
  EXPECT_EQ(stability.share(), 0.5);
  EXPECT_DOUBLE_EQ(*stability.smoothed_loss(), 1);
}

TEST(Stability, KnowsNothingFromNothing) {
  Stability stability(kBounds);
  EXPECT_EQ(stability.share(), std::nullopt);
  EXPECT_EQ(stability.smoothed_loss(), std::nullopt);
  EXPECT_EQ(stability.stable_rates(), std::nullopt);
}

TEST(Stability, NegativeLossesWork) {
  Stability stability(std::nullopt);
  for (int step = 0; step < 100; ++step) stability.add(-step * 0.1, {});
  EXPECT_EQ(stability.share(), 1.0);
}

}  // namespace
}  // namespace sm2::objective
