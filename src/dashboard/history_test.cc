#include "dashboard/history.h"

#include <gtest/gtest.h>

#include "dashboard/house_fixture.h"

namespace sm2::dashboard {
namespace {

class HistoryTest : public HouseTest {
 protected:
  nlohmann::json of(int trial) const {
    return json("/api/v1/studies/s/trials/" + std::to_string(trial) + "/history");
  }
};

TEST_F(HistoryTest, IsAllOfTheTrial) {
  store(testing::decided_study());
  const auto seen = of(0);
  EXPECT_EQ(seen["study"], "s");
  EXPECT_EQ(seen["winner"], true);
  EXPECT_EQ(seen["trial"]["metric"], 0.9);
  EXPECT_EQ(seen["command_line"], "./train --batch-size=64 --lr=0.01");
  EXPECT_EQ(seen["command"].size(), 3u);
  ASSERT_EQ(seen["stretches"].size(), 2u);
  EXPECT_EQ(seen["stretches"][0]["joules"], 102);
  EXPECT_EQ(seen["stretches"][1]["joules"], 98);
  EXPECT_EQ(seen["stretches"][1]["outcome"], "completed");
  EXPECT_EQ(seen["domains"][0]["joules"], 200);
  EXPECT_EQ(seen["provenance"], "cpu-model, modelled");
  EXPECT_EQ(seen["evaluations"]["metrics"]["val_accuracy"], nlohmann::json::parse("[0.8,0.9]"));
  EXPECT_TRUE(seen["checkpoint"].is_null());
}

TEST_F(HistoryTest, KnowsItsNeighbours) {
  store(testing::decided_study());
  EXPECT_TRUE(of(0)["neighbours"]["before"].is_null());
  EXPECT_EQ(of(0)["neighbours"]["after"], 1);
  EXPECT_EQ(of(2)["neighbours"]["before"], 1);
  EXPECT_TRUE(of(2)["neighbours"]["after"].is_null());
  EXPECT_EQ(of(1)["winner"], false);
}

TEST_F(HistoryTest, SaysWhoseCheckpointItHas) {
  testing::SampleStudy sample;
  sample.train(0, testing::SampleStudy::configuration(64, 0.1), 0, 2);
  sample.add(trial::Checkpointed{0, "epoch-1", 1});
  trial::Train child{1, testing::SampleStudy::configuration(64, 0.2), 0, 2, {}, {}};
  child.parent = 0;
  sample.add(trial::Decided{child});
  store(sample);
  EXPECT_EQ(of(0)["checkpoint"]["name"], "epoch-1");
  EXPECT_TRUE(of(0)["checkpoint"]["of"].is_null());
  EXPECT_EQ(of(1)["checkpoint"]["of"], 0);
  EXPECT_TRUE(of(1)["stretches"][0]["outcome"].is_null()) << "it goes on";
}

TEST_F(HistoryTest, HasTheLatestCheckpointsAndHowManyThereWere) {
  testing::SampleStudy sample;
  sample.train(0, testing::SampleStudy::configuration(64, 0.1), 0, 2);
  for (int at = 1; at <= 30; ++at)
    sample.add(trial::Checkpointed{0, "epoch-" + std::to_string(at), double(at)});
  sample.train(1, testing::SampleStudy::configuration(64, 0.2), 0, 2);
  store(sample);
  const auto seen = of(0)["checkpoints"];
  EXPECT_EQ(seen["all"], 30);
  ASSERT_EQ(seen["latest"].size(), 20u);
  EXPECT_EQ(seen["latest"][0], nlohmann::json::parse(R"({"name": "epoch-30", "resource": 30})"));
  EXPECT_EQ(seen["latest"][19]["name"], "epoch-11");
  EXPECT_EQ(of(1)["checkpoints"], nlohmann::json::parse(R"({"all": 0, "latest": []})"));
}

}  // namespace
}  // namespace sm2::dashboard
