#include "dashboard/columns.h"

#include <gtest/gtest.h>

#include "dashboard/house_fixture.h"

namespace sm2::dashboard {
namespace {

const std::string kPath = "/api/v1/studies/s/columns";

class ColumnsTest : public HouseTest {};

std::string word(const nlohmann::json& words, std::size_t at) {
  return words["names"][words["of"][at].get<std::size_t>()];
}

TEST_F(ColumnsTest, AreTheTrialsOfTheCommand) {
  store(testing::decided_study());
  const auto columns = json(kPath);
  const auto trials = json("/api/v1/studies/s/trials")["trials"];
  ASSERT_EQ(columns["trial"].size(), trials.size());
  EXPECT_EQ(columns["all"], trials.size());
  for (std::size_t at = 0; at < trials.size(); ++at) {
    for (const char* same :
         {"trial", "metric", "joules", "joules_error", "rung", "resource", "seconds", "reason"})
      EXPECT_EQ(columns[same][at], trials[at][same]) << same << " of " << at;
    EXPECT_EQ(word(columns["state"], at), trials[at]["state"]);
    EXPECT_EQ(word(columns["quality"], at), trials[at]["quality"]);
    for (const auto& [name, value] : trials[at]["params"].items())
      EXPECT_EQ(columns["params"][name][at], value);
  }
}

TEST_F(ColumnsTest, OfManyTheBestHalfAndAShareOfTheOthers) {
  testing::SampleStudy sample;
  for (int id = 0; id < 10; ++id) {
    sample.train(id, testing::SampleStudy::configuration(64, 0.1), 0, 1);
    sample.evaluate(id, 1, 0.1 * id, testing::SampleStudy::energy(10));
    sample.exit(id, trial::Completed{}, testing::SampleStudy::energy(10));
  }
  store(sample);
  const auto columns = json(kPath + "?trials=4");
  EXPECT_EQ(columns["all"], 10);
  EXPECT_EQ(columns["trial"], nlohmann::json::parse("[0,4,8,9]"));
}

TEST_F(ColumnsTest, AParameterThatATrialDoesNotHaveIsNull) {
  testing::SampleStudy sample;
  sample.train(0, {{"batch_size", std::int64_t{64}}}, 0, 1);
  store(sample);
  const auto columns = json(kPath);
  EXPECT_EQ(columns["params"]["batch_size"][0], 64);
  EXPECT_TRUE(columns["params"]["learning_rate"][0].is_null());
  EXPECT_TRUE(columns["quality"]["of"][0].is_null());
}

}  // namespace
}  // namespace sm2::dashboard
