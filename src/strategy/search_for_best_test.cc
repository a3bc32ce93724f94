#include "strategy/search_for_best.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <set>

#include "testing/setting_job.h"

namespace sm2::strategy {
namespace {

using sm2::testing::Job;
using sm2::testing::kSamples;
using sm2::testing::Story;

Story search(const Job& job, double weight = 0.3) {
  Options options;
  options.weights.energy = weight;
  return sm2::testing::Driver<SearchForBest>(job, options).run();
}

// The best that a whole training ends with.
double best_end(const Job& job) {
  double best = -std::numeric_limits<double>::infinity();
  for (const auto& setting : job.settings())
    if (!job.diverges(setting)) best = std::max(best, job.metric(setting, job.resource_max));
  return best;
}

double all_joules(const Job& job) {
  double joules = 0;
  for (const auto& setting : job.settings())
    joules += job.joules(setting, job.diverges(setting) ? 1 : job.resource_max);
  return joules;
}

// What the winner showed last.
double won(const Job& job, const Story& story) {
  const trial::TrialId winner = story.finish->winner.value();
  const auto train = std::ranges::find(story.trains, winner, &trial::Train::trial);
  return job.metric(train->configuration, story.reached[static_cast<std::size_t>(winner)]);
}

TEST(SearchForBest, EndsNearTheBestForAPartOfWhatAllSettingsNeed) {
  for (const double best_rate : {0.003, 0.03, 0.1}) {
    Job job;
    job.best_rate = best_rate;
    const Story story = search(job);
    ASSERT_TRUE(story.finish && story.finish->winner) << best_rate;
    EXPECT_GT(won(job, story), 0.99 * best_end(job)) << best_rate;
    EXPECT_LT(story.joules, 0.5 * all_joules(job)) << best_rate;
  }
}

TEST(SearchForBest, FindsTheLeastLoss) {
  Job job;
  job.minimized = true;
  const Story story = search(job);
  ASSERT_TRUE(story.finish && story.finish->winner);
  EXPECT_GT(won(job, story), best_end(job) - 0.05);
}

TEST(SearchForBest, SpendsMoreWhereEnergyCountsLess) {
  const Job job;
  EXPECT_LT(search(job, 0.9).joules, search(job, 0.2).joules);
  EXPECT_GE(won(job, search(job, 0)), won(job, search(job, 0.9)));
}

TEST(SearchForBest, SaysWhatTheStudyTook) {
  const Story story = search(Job());
  EXPECT_TRUE(story.finish->reason.starts_with("the best of ")) << story.finish->reason;
  EXPECT_NE(story.finish->reason.find(" times what a whole training of it takes"), std::string::npos);
}

TEST(SearchForBest, TriesNoBatchSizeThatNeedsMoreMemoryThanOneThatDidNotFit) {
  Job job;
  job.fits = 64;
  const Story story = search(job);
  ASSERT_TRUE(story.finish->winner);
  EXPECT_LE(std::ranges::count_if(
                story.trains, [](const trial::Train& train) { return Job::size(train.configuration) > 64; }),
            1);
}

TEST(SearchForBest, WorksWithSecondsWhereNoEnergyIsKnown) {
  Job job;
  job.reports_energy = false;
  EXPECT_TRUE(search(job).finish->winner);
}

TEST(SearchForBest, WorksWithProgramsThatReportNoSteps) {
  Job job;
  job.reports_steps = false;
  EXPECT_TRUE(search(job).finish->winner);
}

TEST(SearchForBest, SaysSoWhenEveryTrialFails) {
  Job job;
  job.fits = 1;
  const Story story = search(job);
  ASSERT_TRUE(story.finish);
  EXPECT_FALSE(story.finish->winner);
  EXPECT_EQ(story.finish->reason, "no candidate is left: every one failed or was stopped");
}

TEST(SearchForBest, TrainsASettingInOneTrialOnly) {
  std::set<std::pair<double, double>> settings;
  std::set<trial::TrialId> trials;
  for (const auto& train : search(Job()).trains) {
    settings.insert({Job::size(train.configuration), Job::rate(train.configuration)});
    trials.insert(train.trial);
  }
  EXPECT_EQ(settings.size(), trials.size());
}

TEST(SearchForBest, SeveralTrainAtATimeOnceTheFirstHasShownSomething) {
  const Job job;
  Options options;
  options.resource_max = job.resource_max;
  SearchForBest search(job.settings(), options);
  const auto first = std::get<trial::Train>(search.ask());
  EXPECT_TRUE(std::holds_alternative<trial::Wait>(search.ask()));
  trial::Stretch so_far;
  so_far.reached = 1;
  so_far.metric = job.metric(first.configuration, 1);
  so_far.seconds = base::Seconds(1);
  search.judge(first.trial, so_far);
  std::set<trial::TrialId> trials = {first.trial};
  for (int worker = 0; worker < 3; ++worker) trials.insert(std::get<trial::Train>(search.ask()).trial);
  EXPECT_EQ(trials.size(), 4);
}

TEST(SearchForBest, DecidesTheSameAgain) { EXPECT_EQ(search(Job()).trains, search(Job()).trains); }

}  // namespace
}  // namespace sm2::strategy
