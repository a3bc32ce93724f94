#include "dashboard/curves.h"

#include <gtest/gtest.h>

#include "dashboard/house_fixture.h"

namespace sm2::dashboard {
namespace {

const std::string kPath = "/api/v1/studies/s/curves";

class CurvesTest : public HouseTest {};

testing::SampleStudy long_trials(int trials, int evaluations) {
  testing::SampleStudy sample;
  for (int id = 0; id < trials; ++id) {
    sample.train(id, testing::SampleStudy::configuration(64, 0.1), 0, evaluations);
    for (int at = 1; at <= evaluations; ++at)
      sample.evaluate(id, at, id + 0.001 * at, testing::SampleStudy::energy(10 * at));
  }
  return sample;
}

TEST_F(CurvesTest, HaveTheBestFirstAndEveryEvaluationThatCanBeDrawn) {
  store(testing::decided_study());
  const auto seen = json(kPath);
  EXPECT_EQ(seen["unit"], "epoch");
  EXPECT_EQ(seen["all"], 2) << "one has only a metric that is no number";
  ASSERT_EQ(seen["curves"].size(), 2u);
  const auto& best = seen["curves"][0];
  EXPECT_EQ(best["trial"], 0);
  EXPECT_EQ(best["metric"], nlohmann::json::parse("[0.8,0.9]"));
  EXPECT_EQ(best["joules"], nlohmann::json::parse("[100,200]"));
  EXPECT_EQ(best["resource"], nlohmann::json::parse("[1,2]"));
  EXPECT_EQ(best["seconds"], nlohmann::json::parse("[10,20]"));
  EXPECT_TRUE(best["samples"][0].is_null());
}

TEST_F(CurvesTest, AreAsManyAndAsLongAsIsAsked) {
  store(long_trials(9, 40));
  const auto seen = json(kPath + "?trials=4&points=5");
  EXPECT_EQ(seen["all"], 9);
  ASSERT_EQ(seen["curves"].size(), 4u);
  std::vector<int> trials;
  for (const auto& curve : seen["curves"]) {
    trials.push_back(curve["trial"]);
    EXPECT_EQ(curve["metric"].size(), 5u);
    EXPECT_EQ(curve["evaluations"], 40);
    EXPECT_EQ(curve["resource"].front(), 1);
    EXPECT_EQ(curve["resource"].back(), 40);
  }
  EXPECT_EQ(trials, (std::vector<int>{8, 7, 4, 0}));
}

TEST_F(CurvesTest, ATrialsHistoryHasAllItsMetrics) {
  store(long_trials(2, 1000));
  const auto history = json("/api/v1/studies/s/trials/1/history");
  EXPECT_EQ(history["evaluations"]["all"], 1000);
  EXPECT_EQ(history["evaluations"]["metrics"]["val_accuracy"].size(), 500u);
  EXPECT_EQ(history["evaluations"]["joules"].size(), 500u);
}

}  // namespace
}  // namespace sm2::dashboard
