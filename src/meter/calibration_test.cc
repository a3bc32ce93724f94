#include "meter/calibration.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "testing/fake_clock.h"
#include "testing/fake_meter.h"

namespace sm2::meter {
namespace {

using base::Seconds;
using base::Watts;

TEST(Calibration, FindsTheCurveThatMadeThePoints) {
  std::vector<LoadPoint> points = {{0, Watts(20)}};
  for (const double busy : {1.0, 4.0, 8.0}) points.push_back({busy, Watts(20 + 12 + 5 * busy)});
  const auto curve = fit(points, 8, 0.05);
  ASSERT_TRUE(curve);
  EXPECT_NEAR(curve->idle.value, 2.5, 1e-9);
  EXPECT_NEAR(curve->busy.value, 7.5, 1e-9);
  EXPECT_NEAR(curve->package.value, 12, 1e-9);
  EXPECT_NEAR(curve->relative_error, 0.05 + 0.05, 1e-9);
}

TEST(Calibration, WhatDoesNotFitIsInTheError) {
  const auto curve = fit({{0, Watts(20)}, {1, Watts(40)}, {4, Watts(60)}, {8, Watts(120)}}, 8, 0.05);
  ASSERT_TRUE(curve);
  EXPECT_GT(curve->relative_error, 0.15);
}

TEST(Calibration, OneProcessorHasNoPackagePart) {
  const auto curve = fit({{0, Watts(2)}, {1, Watts(9)}}, 1, 0.05);
  ASSERT_TRUE(curve);
  EXPECT_EQ(curve->package, Watts(0));
  EXPECT_NEAR(curve->busy.value, 9, 1e-9);
}

TEST(Calibration, APackageNeverDrawsLessBecauseItWorks) {
  const auto curve = fit({{0, Watts(20)}, {1, Watts(21)}, {8, Watts(100)}}, 8, 0.05);
  ASSERT_TRUE(curve);
  EXPECT_EQ(curve->package, Watts(0));
}

TEST(Calibration, SenselessPointsAreRefused) {
  EXPECT_FALSE(fit({}, 8, 0.05));
  EXPECT_FALSE(fit({{0, Watts(20)}}, 8, 0.05));
  EXPECT_FALSE(fit({{1, Watts(20)}}, 8, 0.05));
  EXPECT_EQ(fit({{0, Watts(20)}, {1, Watts(19)}}, 8, 0.05).error().message,
            "the source shows no more power under load than without");
}

class CalibrateTest : public ::testing::Test {
 protected:
  Work work() {
    return [this](int threads, Seconds time) {
      meter_.set_power(Watts(threads == 0 ? 10 : 10 + 6 + 3 * threads));
      clock_.advance(time);
      return threads * time;
    };
  }

  sm2::testing::FakeClock clock_;
  sm2::testing::FakeMeter meter_{clock_};
};

TEST_F(CalibrateTest, MeasuresIdleAndSeveralLoads) {
  meter_.set_quality(trial::Quality::kMeasured);
  const auto curve = calibrate(meter_, 4, clock_, work());
  ASSERT_TRUE(curve) << curve.error().message;
  EXPECT_NEAR(curve->idle.value, 2.5, 1e-6);
  EXPECT_NEAR(curve->busy.value, 5.5, 1e-6);
  EXPECT_NEAR(curve->package.value, 6, 1e-6);
  EXPECT_EQ(curve->origin, "calibrated against fake");
}

TEST_F(CalibrateTest, AModelIsNoReference) {
  meter_.set_quality(trial::Quality::kModelled);
  EXPECT_EQ(calibrate(meter_, 4, clock_, work()).error().message, "no source measures the processors here");
}

TEST(Calibration, WorkUsesTheProcessorsThatItIsTold) {
  EXPECT_LT(work(0, Seconds(0.05)).value, 0.04);
  EXPECT_GT(work(1, Seconds(0.1)).value, 0.01);
}

TEST(Calibration, ACurveIsKeptForItsProcessorOnly) {
  std::string folder = std::filesystem::temp_directory_path() / "sm2-curve-XXXXXX";
  ASSERT_TRUE(mkdtemp(folder.data()));
  const std::filesystem::path file = std::filesystem::path(folder) / "sm2" / "curve.json";
  EXPECT_EQ(load_curve(file, "a"), std::nullopt);
  const PowerCurve curve{Watts(1), Watts(4), Watts(7), 0.12, "calibrated against rapl"};
  ASSERT_TRUE(save_curve(curve, "a", file));
  const auto loaded = load_curve(file, "a");
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->idle, curve.idle);
  EXPECT_EQ(loaded->busy, curve.busy);
  EXPECT_EQ(loaded->package, curve.package);
  EXPECT_EQ(loaded->relative_error, curve.relative_error);
  EXPECT_EQ(loaded->origin, curve.origin);
  EXPECT_EQ(load_curve(file, "b"), std::nullopt);
  for (const char* damaged :
       {"", "{", "[]", R"({"processor": "a", "idle_watts": "x"})",
        R"({"processor": "a", "idle_watts": 5, "busy_watts": 1, "package_watts": 0, "relative_error": 0})"}) {
    std::ofstream(file) << damaged;
    EXPECT_EQ(load_curve(file, "a"), std::nullopt) << damaged;
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace sm2::meter
