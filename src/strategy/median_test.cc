#include "strategy/median.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <vector>

namespace sm2::strategy {
namespace {

MedianStopping rule(std::size_t least_trials, double warm_up = 0, bool minimized = false) {
  return MedianStopping({warm_up, least_trials, "accuracy", minimized});
}

TEST(Median, ComparesTheBestSoFarWithTheRunningAveragesOfTheOthers) {
  MedianStopping median = rule(3);
  for (const int trial : {0, 1, 2}) {
    median.observe(trial, 1, 0.1 * trial);
    median.observe(trial, 2, 0.5 + 0.1 * trial);  // averages at 2: 0.25, 0.35, 0.45
  }
  EXPECT_EQ(median.stop(3, 2, 0.35), std::nullopt);
  EXPECT_EQ(median.stop(3, 2, 0.34),
            "at 2 its best accuracy is 0.34; the median of the averages of 3 other trials is 0.35");
}

TEST(Median, ATrialIsNotComparedWithItself) {
  MedianStopping median = rule(2);
  median.observe(0, 1, 0.4);
  median.observe(1, 1, 0.6);
  median.observe(2, 1, 0.45);
  EXPECT_TRUE(median.stop(2, 1, 0.45));  // of 0.4 and 0.6 the median is 0.5; with its own it would be 0.45
  EXPECT_FALSE(median.stop(1, 1, 0.6));
}

TEST(Median, WaitsForItsWarmUpAndForEnoughOthers) {
  MedianStopping median = rule(2, 3);
  for (const double resource : {1.0, 3.0}) {
    median.observe(0, resource, 0.9);
    median.observe(1, resource, 0.1);
  }
  EXPECT_FALSE(median.stop(1, 1, 0.1));  // before the warm-up is over
  EXPECT_FALSE(median.stop(1, 3, 0.1));  // one other trial
  median.observe(2, 3, 0.8);
  EXPECT_TRUE(median.stop(1, 3, 0.1));
  EXPECT_FALSE(median.stop(1, 4, 0.1));  // nobody has been there
}

TEST(Median, NeedsFiveOthersUnlessToldOtherwise) {
  MedianStopping median;
  for (int trial = 0; trial < 4; ++trial) median.observe(trial, 1, 1);
  EXPECT_FALSE(median.stop(9, 1, 0));
  median.observe(4, 1, 1);
  EXPECT_TRUE(median.stop(9, 1, 0));
}

TEST(Median, LeavesOutWhatIsNotFiniteOrRepeated) {
  MedianStopping median = rule(1);
  median.observe(0, 1, 0.5);
  median.observe(0, 1, -100);
  median.observe(1, 1, std::numeric_limits<double>::quiet_NaN());
  EXPECT_EQ(median.stop(2, 1, 0.4),
            "at 1 its best accuracy is 0.4; the median of the averages of 1 other trials is 0.5");
}

TEST(Median, SaysAMinimizedMetricAsItWasReported) {
  MedianStopping median = rule(1, 0, true);
  median.observe(0, 1, -0.2);
  EXPECT_EQ(median.stop(1, 1, -0.7),
            "at 1 its best accuracy is 0.7; the median of the averages of 1 other trials is 0.2");
}

// The rule as the paper words it, over all that was reported.
RC_GTEST_PROP(MedianProperty, IsTheRuleOverEverythingReported, ()) {
  const int trials = *rc::gen::inRange(2, 12);
  MedianStopping median = rule(1);
  std::vector<std::vector<double>> reports(static_cast<std::size_t>(trials));
  for (int step = 1; step <= 3; ++step) {
    for (auto& report : reports) {
      report.push_back(*rc::gen::inRange(0, 6));
      median.observe(static_cast<int>(&report - reports.data()), step, report.back());
    }
    for (int judged = 0; judged < trials; ++judged) {
      std::vector<double> averages;
      for (int other = 0; other < trials; ++other) {
        double sum = 0;
        for (const double metric : reports[static_cast<std::size_t>(other)]) sum += metric;
        if (other != judged) averages.push_back(sum / step);
      }
      std::ranges::sort(averages);
      const std::size_t n = averages.size();
      const double middle = (averages[(n - 1) / 2] + averages[n / 2]) / 2;
      const double best = std::ranges::max(reports[static_cast<std::size_t>(judged)]);
      RC_ASSERT(median.stop(judged, step, best).has_value() == (best < middle));
    }
  }
}

}  // namespace
}  // namespace sm2::strategy
