#include "objective/forecast.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace sm2::objective {
namespace {

constexpr double kMost = 100;
constexpr std::uint64_t kSeed = 5;
const std::vector<double> kSizes{8, 32, 128, 512, 2048};

// A curve of the model: progress from 0 to 1 at the target.
struct Curve {
  double asymptote = 1.07, fastest = 20, exponent = 1.2;

  double scale() const { return fastest / (std::pow(asymptote / (asymptote - 1), 1 / exponent) - 1); }
  double progress(double units) const { return asymptote * (1 - std::pow(1 + units / scale(), -exponent)); }
};

// Shows every unit of `curve` up to `units` to `forecast`, which is of a quality that starts at 0.
void show(Forecast& forecast, std::size_t arm, const Curve& curve, double target, int units) {
  for (int unit = 1; unit <= units; ++unit) {
    forecast.outlasted(arm, unit - 1, unit);
    forecast.observe(arm, unit, target * curve.progress(unit));
  }
}

Forecast of_quality(double target = 0.8) { return {kSizes, target, false, kMost, kSeed}; }

// Curves in the middle of the priors, without noise.
const std::vector<Curve> kMiddle{{1.07, 40, 1.2}, {1.07, 60, 1.2}, {1.07, 20, 0.8},
                                 {1.07, 60, 2},   {1.04, 20, 1.2}, {1.04, 40, 0.8}};

testing::Message described(const Curve& curve) {
  return testing::Message() << curve.asymptote << ' ' << curve.fastest << ' ' << curve.exponent;
}

TEST(Forecast, AQualityHalfWayOnACurveOfTheModelIsForecastWithinAFactorOfTwo) {
  for (const Curve& curve : kMiddle) {
    SCOPED_TRACE(described(curve));
    Forecast forecast = of_quality();
    const int half = static_cast<int>(curve.fastest / 2);
    show(forecast, 2, curve, 0.8, half);
    EXPECT_GT(forecast.units_to_target(2, half), curve.fastest / 2 / 2);
    EXPECT_LT(forecast.units_to_target(2, half), curve.fastest / 2 * 2);
  }
}

// Where a loss starts is less sure than that a quality starts near 0, so that less is known half way.
TEST(Forecast, ALossHalfWayOnACurveOfTheModelIsForecastWithinAFactorOfThree) {
  for (const Curve& curve : kMiddle) {
    SCOPED_TRACE(described(curve));
    const double target = 2, start = 3 * target;
    Forecast forecast(kSizes, target, true, kMost, kSeed);
    const int half = static_cast<int>(curve.fastest / 2);
    for (int unit = 1; unit <= half; ++unit) {
      forecast.outlasted(2, unit - 1, unit);
      forecast.observe(2, unit, start + (target - start) * curve.progress(unit));
    }
    EXPECT_GT(forecast.units_to_target(2, half), curve.fastest / 2 / 2);
    EXPECT_LT(forecast.units_to_target(2, half), curve.fastest / 2 * 3);
  }
}

// A target of 0 leaves the start free, so that nothing but the direction differs.
TEST(Forecast, AMinimizedMetricIsAMaximizedOneMirrored) {
  Forecast maximized(kSizes, 0, false, kMost, kSeed), minimized(kSizes, 0, true, kMost, kSeed);
  for (int unit = 1; unit <= 8; ++unit) {
    const double below = 1 - Curve{}.progress(unit);
    maximized.observe(2, unit, -below);
    minimized.observe(2, unit, below);
    for (std::size_t arm = 0; arm < kSizes.size(); ++arm)
      EXPECT_EQ(maximized.units_to_target(arm, unit), minimized.units_to_target(arm, unit));
  }
}

TEST(Forecast, FallsAsACurveComesNearTheTarget) {
  Forecast forecast = of_quality();
  double before = std::numeric_limits<double>::infinity();
  for (int unit = 4; unit <= 40; unit += 4) {
    for (int each = unit - 3; each <= unit; ++each)
      forecast.observe(2, each, 0.8 * Curve{1.07, 41, 1.2}.progress(each));
    const double after = forecast.units_to_target(2, unit);
    EXPECT_LT(after, before) << unit;
    before = after;
  }
  EXPECT_LT(before, 8);
}

TEST(Forecast, ABatchSizeThatLagsNeedsMoreUnits) {
  Forecast forecast = of_quality();
  show(forecast, 1, {1.07, 16, 1.2}, 0.8, 6);
  show(forecast, 3, {1.07, 48, 1.2}, 0.8, 6);
  EXPECT_GT(forecast.units_to_target(3, 0), 1.5 * forecast.units_to_target(1, 0));
  EXPECT_GT(forecast.units_to_target(3, 6), 1.5 * forecast.units_to_target(1, 6));
}

TEST(Forecast, ASmallBatchMayLagAsWellAsALargeOne) {
  Forecast forecast = of_quality();
  show(forecast, 3, {1.07, 16, 1.2}, 0.8, 6);
  show(forecast, 1, {1.07, 48, 1.2}, 0.8, 6);
  EXPECT_GT(forecast.units_to_target(1, 0), 1.5 * forecast.units_to_target(3, 0));
}

TEST(Forecast, ARunThatOutlastsItsForecastRaisesIt) {
  Forecast forecast = of_quality();
  show(forecast, 2, {}, 0.8, 8);
  const double whole = forecast.units_to_target(2, 0);
  forecast.outlasted(2, 8, whole);
  const double raised = forecast.units_to_target(2, 0);
  EXPECT_GT(raised, whole);
  forecast.outlasted(2, whole, 3 * whole);
  EXPECT_GT(forecast.units_to_target(2, 0), 1.5 * raised);
}

TEST(Forecast, WhatWasOutlastedBeforeIsNotCountedTwice) {
  Forecast at_once = of_quality(), in_steps = of_quality();
  show(at_once, 2, {}, 0.8, 3);
  show(in_steps, 2, {}, 0.8, 3);
  at_once.outlasted(2, 3, 20);
  for (int unit = 3; unit < 20; ++unit) in_steps.outlasted(2, unit, unit + 1);
  EXPECT_NEAR(in_steps.units_to_target(2, 0), at_once.units_to_target(2, 0),
              0.02 * at_once.units_to_target(2, 0));
}

TEST(Forecast, AMetricThatStandsStillFarBelowTheTargetHardlyEverArrives) {
  Forecast forecast = of_quality();
  for (int unit = 1; unit <= 60; ++unit) {
    forecast.outlasted(2, unit - 1, unit);
    forecast.observe(2, unit, 0.4);
  }
  EXPECT_GT(forecast.units_to_target(2, 60), 5 * kMost);
}

TEST(Forecast, BeforeAnythingIsSeenItIsFiniteAndPositive) {
  const Forecast forecast = of_quality();
  for (std::size_t arm = 0; arm < kSizes.size(); ++arm) {
    EXPECT_GT(forecast.units_to_target(arm, 0), 0);
    EXPECT_TRUE(std::isfinite(forecast.units_to_target(arm, 0)));
  }
}

TEST(Forecast, TheSameSeedAndTellsGiveTheSameBitForBit) {
  Forecast first = of_quality(), second = of_quality(), other(kSizes, 0.8, false, kMost, kSeed + 1);
  for (Forecast* forecast : {&first, &second, &other}) show(*forecast, 2, {}, 0.8, 7);
  EXPECT_EQ(first.units_to_target(4, 3), second.units_to_target(4, 3));
  EXPECT_EQ(first.units_to_target(4, 3), first.units_to_target(4, 3));
  EXPECT_NE(first.units_to_target(4, 3), other.units_to_target(4, 3));
}

}  // namespace
}  // namespace sm2::objective
