#include "compare/compare.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "compare/json.h"
#include "testing/fake_workload.h"

namespace sm2::compare {
namespace {

using testing::FakeCourse;
using testing::FakeWorkload;

FakeCourse course(std::vector<std::optional<double>> metrics, double joules) {
  return {std::move(metrics), {base::Joules(joules), base::Seconds(1)}};
}

// Batch size 32 reaches 0.9 after two units, 64 never does.
FakeWorkload with_target() {
  return FakeWorkload(
      {{32, {course({0.5, 0.9}, 50), course({0.5, 0.9}, 70)}}, {64, {course({0.5, 0.6}, 100)}}}, 0.9);
}

Plan plan(std::vector<std::string> names, int seeds = 8) {
  Plan plan;
  for (const std::string& name : names) plan.contestants.push_back(*contestant(name));
  plan.seeds = seeds;
  return plan;
}

nlohmann::json compared(const workload::Workload& workload, const Plan& plan) {
  return nlohmann::json::parse(json(*compare({&workload}, plan)));
}

TEST(Compare, KnowsContestantsByName) {
  EXPECT_FALSE(contestant("grid")->tune_power);
  const auto tuned = contestant("successive-halving+power");
  EXPECT_EQ(tuned->name, "successive-halving+power");
  EXPECT_EQ(tuned->strategy, "successive-halving");
  EXPECT_TRUE(tuned->tune_power);
  const auto unknown = contestant("gird+power");
  ASSERT_FALSE(unknown);
  EXPECT_NE(unknown.error().message.find("there is no strategy 'gird'; did you mean 'grid'?"),
            std::string::npos);
}

TEST(Compare, EnergyIsAMultipleOfTheOracles) {
  const FakeWorkload workload({{32, {course({0.5, 0.9}, 75)}}}, 0.9);  // the oracle: 100 J
  const auto comparison = compare({&workload}, plan({"grid"}, 3));
  ASSERT_EQ(comparison->rows.size(), 1);
  const Row& row = comparison->rows[0];
  EXPECT_DOUBLE_EQ(row.over.mean, 1.5);
  EXPECT_DOUBLE_EQ(row.over.low, 1.5);
  EXPECT_DOUBLE_EQ(row.joules.median, 150);
  EXPECT_DOUBLE_EQ(row.seconds.mean, 2);
  EXPECT_DOUBLE_EQ(row.metric->mean, 0.9);
  EXPECT_FALSE(row.regret);
  EXPECT_EQ(row.missed, 0);
  EXPECT_EQ(row.starts, 3);
}

TEST(Compare, TheNumberOfThreadsChangesNothing) {
  const FakeWorkload workload = with_target();
  Plan one = plan({"random", "successive-halving", "sm2"});
  one.recurrences = 2;
  Plan many = one;
  many.threads = 7;
  EXPECT_EQ(json(*compare({&workload}, one)), json(*compare({&workload}, many)));
}

TEST(Compare, EverySeedIsARunOfItsOwn) {
  const FakeWorkload workload = with_target();
  Plan first = plan({"random"}, 1);
  Plan all = plan({"random"}, 4);
  all.first_seed = 1;
  first.first_seed = 3;
  const auto one = compare({&workload}, first);
  const auto four = compare({&workload}, all);
  EXPECT_EQ(one->rows[0].runs[0].joules, four->rows[0].runs[2].joules);
}

TEST(Compare, RecurrencesAreMeasuredAgainstAsManyOracles) {
  const FakeWorkload workload({{32, {course({0.5, 0.9}, 75)}}}, 0.9);
  Plan recurring = plan({"grid"}, 2);
  recurring.recurrences = 12;
  const auto comparison = compare({&workload}, recurring);
  const Row& row = comparison->rows[0];
  EXPECT_EQ(row.runs[0].jobs.size(), 12);
  EXPECT_DOUBLE_EQ(row.joules.mean, 12 * 150);
  EXPECT_DOUBLE_EQ(row.over.mean, 1.5);
  EXPECT_DOUBLE_EQ(row.over_last->mean, 1.5);
  const nlohmann::json object = nlohmann::json::parse(json(*comparison));
  EXPECT_EQ(object["cases"][0]["recurrences"]["count"], 12);
  EXPECT_EQ(object["cases"][0]["recurrences"]["last"], 2);
  EXPECT_EQ(object["cases"][0]["recurrences"]["over_oracle_each"].size(), 12);
  EXPECT_EQ(object["summary"][0]["over_oracle_last_geomean"], 1.5);
}

TEST(Compare, TheLastRecurrencesLeaveOutTheFirstTen) {
  Row row;
  compare::Run& run = row.runs.emplace_back();
  for (int job = 0; job < 12; ++job) run.jobs.emplace_back(job < 10 ? 500 : 100 + job);
  Case of;
  of.reference = base::Joules(100);
  figure_out(row, of, 12);
  EXPECT_DOUBLE_EQ(row.over_last->mean, (1.10 + 1.11) / 2);
}

TEST(Compare, WithoutATargetThereIsARegret) {
  FakeWorkload workload({{32, {course({0.5, 0.9}, 50)}}});
  workload.change_oracle().metric = 0.95;
  const auto comparison = compare({&workload}, plan({"grid"}, 2));
  EXPECT_NEAR(comparison->rows[0].regret->mean, 0.05, 1e-12);
  EXPECT_DOUBLE_EQ(comparison->rows[0].over.mean, 1);
}

TEST(Compare, MissesAreCounted) {
  const FakeWorkload workload({{32, {course({0.5, 0.6}, 50)}}}, 0.9);
  const nlohmann::json object = compared(workload, plan({"grid"}, 2));
  EXPECT_EQ(object["cases"][0]["jobs"], 2);
  EXPECT_EQ(object["cases"][0]["reached"], 0);
  EXPECT_EQ(object["summary"][0]["missed"], 2);
  EXPECT_EQ(object["cases"][0]["starts"], 2 * kMostStarts);
}

TEST(Compare, TheSummaryIsOverTheMeansOfTheCases) {
  const FakeWorkload one({{32, {course({0.5, 0.9}, 100)}}}, 0.9);
  const FakeWorkload other({{32, {course({0.5, 0.9}, 400)}}}, 0.9);
  const auto comparison = compare({&one, &other}, plan({"grid", "random"}, 2));
  ASSERT_EQ(comparison->summary.size(), 2);
  EXPECT_EQ(comparison->summary[1].strategy, "random");
  EXPECT_NEAR(comparison->summary[0].geomean, 4, 1e-12);
  EXPECT_DOUBLE_EQ(comparison->summary[0].worst, 8);
}

TEST(Compare, JsonHasTheMetricInItsOwnSense) {
  FakeWorkload workload({{32, {course({-0.5, -0.2}, 50)}}}, -0.3);
  workload.change().minimized = true;
  workload.change().metric = "loss";
  workload.change_oracle().metric = -0.25;
  const nlohmann::json row = compared(workload, plan({"grid"}, 2))["cases"][0];
  EXPECT_EQ(row["metric"]["name"], "loss");
  EXPECT_EQ(row["metric"]["goal"], "minimize");
  EXPECT_EQ(row["metric"]["target"], 0.3);
  EXPECT_EQ(row["metric"]["mean"], 0.2);
  EXPECT_EQ(row["oracle"]["metric"], 0.25);
  EXPECT_EQ(row["quality"], "replayed");
  EXPECT_EQ(row["regret"], nullptr);
}

TEST(Compare, TheTestMetricIsThatOfTheTrialThatReachedTheTarget) {
  FakeCourse tested = course({0.5, 0.9, 0.95}, 50);
  tested.test_metrics = {0.4, 0.8, 0.85};
  const FakeWorkload workload({{32, {tested}}}, 0.9);
  const nlohmann::json row = compared(workload, plan({"grid"}, 2))["cases"][0];
  EXPECT_EQ(row["metric"]["mean"], 0.9);
  EXPECT_EQ(row["test_metric"]["mean"], 0.8);
  EXPECT_FALSE(row.contains("to_the_end"));
}

TEST(Compare, TheTestMetricIsAbsentWhereNoneIsKnown) {
  EXPECT_FALSE(compared(with_target(), plan({"grid"}, 2))["cases"][0].contains("test_metric"));
}

TEST(Compare, ToTheEndTheStrategyGoesOnPastTheTarget) {
  FakeCourse tested = course({0.5, 0.9, 0.95}, 50);
  tested.test_metrics = {0.4, 0.8, 0.85};
  const FakeWorkload workload({{32, {tested}}, {64, {course({0.1, 0.1, 0.1}, 50)}}}, 0.9);
  Plan whole = plan({"grid"}, 2);
  whole.to_the_end = true;
  const nlohmann::json row = compared(workload, whole)["cases"][0];
  EXPECT_EQ(row["joules"]["mean"], 100) << "until the target";
  EXPECT_EQ(row["metric"]["mean"], 0.9);
  EXPECT_EQ(row["to_the_end"]["joules"]["mean"], 300) << "both trials, to their ends";
  EXPECT_EQ(row["to_the_end"]["seconds"]["high"], 6);
  EXPECT_EQ(row["to_the_end"]["metric"]["mean"], 0.95);
  EXPECT_EQ(row["to_the_end"]["test_metric"]["mean"], 0.85);
}

TEST(Compare, ToTheEndLowerMetricsAreInTheirOwnSense) {
  FakeCourse tested = course({-0.5, -0.25, -0.125}, 50);
  tested.test_metrics = {-0.6, -0.5, -0.25};
  FakeWorkload workload({{32, {tested}}}, -0.3);
  workload.change().minimized = true;
  Plan whole = plan({"grid"}, 2);
  whole.to_the_end = true;
  const nlohmann::json row = compared(workload, whole)["cases"][0];
  EXPECT_EQ(row["test_metric"]["mean"], 0.5);
  EXPECT_EQ(row["to_the_end"]["metric"]["median"], 0.125);
  EXPECT_EQ(row["to_the_end"]["test_metric"]["low"], 0.25);
}

TEST(Compare, AStrategyThatDoesNotSuitTheSpaceIsNamedWithTheCase) {
  const FakeWorkload workload = with_target();
  Plan wrong = plan({"sm2"});
  wrong.options.cycle_learning_rate = true;
  const auto comparison = compare({&workload}, wrong);
  ASSERT_FALSE(comparison);
  EXPECT_TRUE(comparison.error().message.starts_with("case fake, strategy sm2: "))
      << comparison.error().message;
  EXPECT_FALSE(suits(wrong.contestants[0], workload, wrong.options));
  EXPECT_TRUE(suits(wrong.contestants[0], workload, {}));
}

TEST(Compare, ProgressCountsToTheEnd) {
  const FakeWorkload workload = with_target();
  Plan watched = plan({"grid"}, 5);
  watched.threads = 3;
  std::vector<std::size_t> seen;
  watched.progress = [&](std::size_t done, std::size_t all) {
    seen.push_back(done);
    EXPECT_EQ(all, 5);
  };
  ASSERT_TRUE(compare({&workload}, watched));
  EXPECT_EQ(seen, (std::vector<std::size_t>{1, 2, 3, 4, 5}));
}

}  // namespace
}  // namespace sm2::compare
