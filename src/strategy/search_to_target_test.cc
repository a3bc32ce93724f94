#include "strategy/search_to_target.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "testing/setting_job.h"

namespace sm2::strategy {
namespace {

using sm2::testing::Job;
using sm2::testing::kSamples;
using sm2::testing::Story;

sm2::testing::Driver<SearchToTarget> search(const Job& job) {
  Options options;
  options.target = job.target();
  return sm2::testing::Driver<SearchToTarget>(job, options);
}

double least_joules(const Job& job) {
  double least = 1e18;
  for (const auto& setting : job.settings()) {
    for (int unit = 1; unit <= job.resource_max && !job.diverges(setting); ++unit) {
      if (job.metric(setting, unit) < job.target()) continue;
      least = std::min(least, job.joules(setting, unit));
      break;
    }
  }
  return least;
}

TEST(SearchToTarget, FindsAGoodRateForAFewTimesTheLeast) {
  for (const double best_rate : {0.003, 0.03, 0.1}) {
    Job job;
    job.best_rate = best_rate;
    const Story story = search(job).run();
    ASSERT_TRUE(story.arrived) << best_rate;
    EXPECT_LT(story.joules, 3 * least_joules(job)) << best_rate;
  }
}

TEST(SearchToTarget, BeginsInTheMiddleAndThenProbesTheLargestBatch) {
  const Job job;
  const Story story = search(job).run();
  EXPECT_EQ(Job::size(story.trains[0].configuration), 64);
  EXPECT_FALSE(story.trains[0].probe);
  EXPECT_EQ(Job::size(story.trains[1].configuration), 256);
  EXPECT_TRUE(story.trains[1].probe);
  EXPECT_GE(Job::rate(story.trains[1].configuration), Job::rate(story.trains[0].configuration));
  EXPECT_EQ(
      std::ranges::count_if(story.trains, [](const trial::Train& train) { return train.probe.has_value(); }),
      1);
}

TEST(SearchToTarget, ProbesNothingWhereStartsCostMuchOfTheJob) {
  Job job;
  job.start = 30 * kSamples;
  for (const auto& train : search(job).run().trains) EXPECT_FALSE(train.probe);
}

TEST(SearchToTarget, LeavesBatchSizesThatDoNotFit) {
  Job job;
  job.fits = 64;
  const Story story = search(job).run();
  ASSERT_TRUE(story.arrived);
  EXPECT_EQ(std::ranges::count_if(
                story.trains, [](const trial::Train& train) { return Job::size(train.configuration) > 64; }),
            1);
}

TEST(SearchToTarget, TakesALossThatRisesAgainForWhatItIs) {
  Job job;
  job.minimized = true;
  job.overfits_after = 16;
  const Story story = search(job).run();
  ASSERT_TRUE(story.arrived);
  EXPECT_LT(story.joules, 3 * least_joules(job));
}

TEST(SearchToTarget, WorksWithSecondsWhereNoEnergyIsKnown) {
  Job job;
  job.reports_energy = false;
  EXPECT_TRUE(search(job).run().arrived);
}

TEST(SearchToTarget, WorksWithProgramsThatReportNoSteps) {
  Job job;
  job.reports_steps = false;
  EXPECT_TRUE(search(job).run().arrived);
}

TEST(SearchToTarget, EndsWithTheBestWhenTheTargetIsOutOfReach) {
  Job job;
  job.end = 0.8;
  const Story story = search(job).run();
  ASSERT_TRUE(story.finish && story.finish->winner);
  EXPECT_EQ(story.finish->reason, "no training reached the target, and 10 went to the end; the best of them");
  const auto full =
      std::ranges::count_if(story.reached, [&](double reached) { return reached >= job.resource_max; });
  EXPECT_EQ(full, 10);
}

TEST(SearchToTarget, SaysSoWhenEveryTrialFails) {
  Job job;
  job.fits = 1;
  const Story story = search(job).run();
  ASSERT_TRUE(story.finish);
  EXPECT_FALSE(story.finish->winner);
  EXPECT_EQ(story.finish->reason, "no candidate is left: every one failed or was stopped");
}

TEST(SearchToTarget, TrainsASettingInOneTrialOnly) {
  Job job;
  job.end = 0.9;
  std::set<std::pair<double, double>> settings;
  std::set<trial::TrialId> trials;
  for (const auto& train : search(job).run().trains) {
    settings.insert({Job::size(train.configuration), Job::rate(train.configuration)});
    trials.insert(train.trial);
  }
  EXPECT_EQ(settings.size(), trials.size());
}

TEST(SearchToTarget, DecidesTheSameAgain) {
  const Job job;
  EXPECT_EQ(search(job).run().trains, search(job).run().trains);
}

}  // namespace
}  // namespace sm2::strategy
