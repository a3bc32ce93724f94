#include "objective/setting_forecast.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace sm2::objective {
namespace {

using Setting = SettingForecast::Setting;

// Learning rates a factor of four apart, of one batch size, of each group.
std::vector<Setting> rates(std::size_t groups = 1) {
  std::vector<Setting> settings;
  for (std::size_t group = 0; group < groups; ++group) {
    for (int at = 0; at < 7; ++at) settings.push_back({64, 1e-4 * std::pow(4, at), group});
  }
  return settings;
}

// A run that comes to the target after `units`.
double towards(double units, double after) { return 0.1 + 0.8 * std::sqrt(after / units); }

TEST(SettingForecast, ExpectsTheMiddleOfTheRangeAtFirst) {
  SettingForecast forecast(rates(), 0.9, false, 20, 1);
  EXPECT_LT(forecast.units_to_target(3, 0), forecast.units_to_target(0, 0));
  EXPECT_LT(forecast.units_to_target(3, 0), forecast.units_to_target(6, 0));
}

TEST(SettingForecast, ASlowRunMovesItsNeighboursToo) {
  SettingForecast slow(rates(), 0.9, false, 20, 1), quick(rates(), 0.9, false, 20, 1);
  for (int unit = 1; unit <= 3; ++unit) {
    slow.observe(3, unit, towards(400, unit));
    quick.observe(3, unit, towards(6, unit));
  }
  EXPECT_GT(slow.units_to_target(3, 3), 2 * quick.units_to_target(3, 3));
  EXPECT_GT(slow.units_to_target(2, 0), quick.units_to_target(2, 0));
}

TEST(SettingForecast, LearnsOnWhichSideTheBestRateLies) {
  SettingForecast forecast(rates(), 0.9, false, 20, 1);
  for (int unit = 1; unit <= 3; ++unit) {
    forecast.observe(3, unit, towards(60, unit));
    forecast.observe(4, unit, towards(12, unit));
  }
  EXPECT_LT(forecast.units_to_target(4, 3), forecast.units_to_target(3, 3));
  EXPECT_LT(forecast.units_to_target(5, 0), forecast.units_to_target(2, 0));
}

TEST(SettingForecast, ADivergedRunSpeaksAgainstLargerRatesMost) {
  SettingForecast before(rates(), 0.9, false, 20, 1), after(rates(), 0.9, false, 20, 1);
  for (auto* each : {&before, &after}) each->observe(2, 1, 0.4);
  after.diverged(4);
  EXPECT_GT(after.units_to_target(5, 0), 1.5 * before.units_to_target(5, 0));
  EXPECT_LT(after.units_to_target(1, 0), 1.5 * before.units_to_target(1, 0));
}

TEST(SettingForecast, ARunThatDoesNotArriveIsForecastLonger) {
  SettingForecast forecast(rates(), 0.9, false, 20, 1);
  forecast.observe(3, 1, 0.6);
  const double before = forecast.units_to_target(3, 0);
  forecast.outlasted(0, 3, 15);
  EXPECT_GT(forecast.units_to_target(3, 0), before);
}

TEST(SettingForecast, ATrainingThatWouldArriveTooLateNeverDoes) {
  SettingForecast brief(rates(), 0.9, false, 20, 1);
  for (int unit = 1; unit <= 19; ++unit) brief.observe(3, unit, towards(60, unit));
  EXPECT_GT(brief.units_to_target(3, 19), 41) << "what it would need";
  EXPECT_LT(brief.units_to_target(3, 19), std::numeric_limits<double>::infinity());
}

TEST(SettingForecast, OtherParametersAreAlikeButNotTheSame) {
  SettingForecast forecast(rates(2), 0.9, false, 20, 1);
  for (int unit = 1; unit <= 3; ++unit) forecast.observe(3, unit, towards(400, unit));
  EXPECT_LT(forecast.units_to_target(10, 0), forecast.units_to_target(3, 0));
}

TEST(SettingForecast, TakesLossesAsTheyAre) {
  SettingForecast slow(rates(), 0.5, true, 20, 1), quick(rates(), 0.5, true, 20, 1);
  for (int unit = 1; unit <= 3; ++unit) {
    slow.observe(3, unit, 2.3 - 0.02 * unit);
    quick.observe(3, unit, 1.4 - 0.25 * unit);
  }
  EXPECT_GT(slow.units_to_target(3, 3), quick.units_to_target(3, 3));
}

TEST(SettingForecast, IsTheSameForTheSameSeed) {
  SettingForecast first(rates(), 0.9, false, 20, 5), second(rates(), 0.9, false, 20, 5);
  for (auto* each : {&first, &second}) {
    for (int unit = 1; unit <= 5; ++unit) each->observe(3, unit, towards(30, unit));
  }
  EXPECT_EQ(first.units_to_target(2, 0), second.units_to_target(2, 0));
}

// Without a target: a curve that ends near `end`, after 20 units.
double rising(double end, double units) { return end * (1 - 0.8 / (1 + units)); }

TEST(SettingForecast, WithoutATargetExpectsMoreOfWhatLearntMore) {
  SettingForecast forecast(rates(), std::nullopt, false, 20, 1);
  for (int unit = 1; unit <= 10; ++unit) {
    forecast.observe(2, unit, rising(0.5, unit));
    forecast.observe(4, unit, rising(0.8, unit));
  }
  EXPECT_GT(forecast.gain(4, {}, {}), forecast.gain(2, {}, {}));
  EXPECT_GT(forecast.gain(5, {}, {}), forecast.gain(1, {}, {}));
}

TEST(SettingForecast, AGainIsWhatIsExpectedBeyondTheRecord) {
  SettingForecast forecast(rates(), std::nullopt, false, 20, 1);
  for (int unit = 1; unit <= 10; ++unit) forecast.observe(3, unit, rising(0.8, unit));
  EXPECT_NEAR(forecast.gain(3, 0.9, 0.9), 0, 0.01);
  EXPECT_GT(forecast.gain(3, 0.5, 0.5), 0.2);
  EXPECT_LT(forecast.gain(3, 0.9, 0.5), -0.05) << "it gives up the record and comes to less";
}

TEST(SettingForecast, OneEvaluationIsPartlyLuck) {
  SettingForecast forecast(rates(), std::nullopt, false, 20, 1);
  for (int unit = 1; unit <= 10; ++unit) forecast.observe(3, unit, rising(0.8, unit));
  const double expected = forecast.standing(3, 10, rising(0.8, 10));
  const double lucky = forecast.standing(3, 10, rising(0.8, 10) + 0.1);
  EXPECT_NEAR(lucky - expected, 0.08, 1e-9);
}

TEST(SettingForecast, ALossThatIsMinimisedIsForecastOnALogScale) {
  SettingForecast forecast(rates(), std::nullopt, true, 20, 1);
  for (int unit = 1; unit <= 10; ++unit) forecast.observe(3, unit, 2 * std::pow(unit, -1.5));
  EXPECT_NEAR(forecast.standing(3, 10, 0.0632), -std::log(0.0632), 0.5);
  SettingForecast negative(rates(), std::nullopt, true, 20, 1);
  for (int unit = 1; unit <= 10; ++unit) negative.observe(3, unit, -1 - 0.1 * unit);
  EXPECT_NEAR(negative.standing(3, 10, -2), 2, 0.2);
}

}  // namespace
}  // namespace sm2::objective
