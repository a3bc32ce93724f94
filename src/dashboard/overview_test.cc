#include "dashboard/overview.h"

#include <gtest/gtest.h>

#include "dashboard/house_fixture.h"

namespace sm2::dashboard {
namespace {

const std::string kPath = "/api/v1/studies/s/overview";

class OverviewTest : public HouseTest {};

TEST_F(OverviewTest, AnswersTheThreeQuestions) {
  const auto sample = testing::decided_study();
  store(sample);
  const auto seen = json(kPath);
  EXPECT_EQ(seen["events"], sample.events.size());
  EXPECT_EQ(seen["study"]["state"], "finished");
  EXPECT_EQ(seen["best"]["trial"], 0);
  EXPECT_EQ(seen["best"]["decided"], true);
  EXPECT_EQ(seen["study"]["joules"]["total"], 300);
  EXPECT_EQ(seen["provenance"], "cpu-model, modelled");
  ASSERT_EQ(seen["dropped"]["all"], 2);
  EXPECT_EQ(seen["dropped"]["trials"][0]["trial"], 1);
  EXPECT_EQ(seen["dropped"]["trials"][0]["reason"],
            "rung 0: objective 0.81 against 0.12 of the last one kept");
}

TEST_F(OverviewTest, TellsHowItWent) {
  store(testing::decided_study());
  const auto seen = json(kPath);
  EXPECT_EQ(seen["course"]["best"]["metric"], nlohmann::json::parse("[0.8,0.9]"));
  EXPECT_EQ(seen["course"]["best"]["joules"], nlohmann::json::parse("[100,300]"));
  EXPECT_EQ(seen["course"]["spent"]["joules"].back(), 300);
  ASSERT_EQ(seen["rungs"].size(), 2u);
  EXPECT_EQ(seen["rungs"][0]["trained"], 3);
  EXPECT_EQ(seen["front"]["members"], nlohmann::json::parse("[0]"));
  EXPECT_EQ(seen["importance"]["enough"], false);
  EXPECT_EQ(seen["importance"]["fewest"], 20);
  EXPECT_EQ(seen["domains"][0]["quality"], "modelled");
  EXPECT_EQ(seen["domains"][0]["joules"], 300);
}

TEST_F(OverviewTest, DescribesTheSpace) {
  store(testing::decided_study());
  const auto parameters = json(kPath)["parameters"];
  ASSERT_EQ(parameters.size(), 2u);
  EXPECT_EQ(parameters[0]["domain"]["kind"], "choice");
  EXPECT_EQ(parameters[0]["domain"]["values"], nlohmann::json::parse("[\"64\",\"512\"]"));
  EXPECT_EQ(parameters[1]["domain"]["kind"], "number");
  EXPECT_EQ(parameters[1]["domain"]["log"], true);
}

TEST_F(OverviewTest, PowerIsThatOfTrialsThatRunWhileTheirTunerDoes) {
  testing::SampleStudy sample;
  sample.train(0, testing::SampleStudy::configuration(64, 0.1), 0, 9);
  sample.evaluate(0, 1, 0.5, testing::SampleStudy::energy(100));
  sample.evaluate(0, 2, 0.6, testing::SampleStudy::energy(400));  // 10 s later
  store(sample);
  EXPECT_TRUE(json(kPath)["power"].is_null()) << "no tuner works on it";
  running = "s";
  const auto power = json(kPath)["power"];
  EXPECT_EQ(power["watts"], 30);
  EXPECT_EQ(power["trials"], 1);
  EXPECT_EQ(power["domains"][0]["domain"], "cpu");
  EXPECT_EQ(power["domains"][0]["quality"], "modelled");
}

TEST_F(OverviewTest, PowerOfAPartSaysSo) {
  testing::SampleStudy sample;
  for (const int trial : {0, 1}) sample.train(trial, testing::SampleStudy::configuration(64, 0.1), 0, 9);
  sample.evaluate(0, 1, 0.5, testing::SampleStudy::energy(100));
  store(sample);
  running = "s";
  EXPECT_EQ(json(kPath)["power"]["whole"], true);
  const std::size_t before = sample.events.size();
  sample.evaluate(1, 1, 0.5, testing::SampleStudy::unknown_energy());
  store(sample, "s", before);
  const auto power = json(kPath)["power"];
  EXPECT_EQ(power["watts"], 10);
  EXPECT_EQ(power["whole"], false);
}

TEST_F(OverviewTest, NamesTheHardwareAndWhichTrialsRanOnIt) {
  testing::SampleStudy sample;
  sample.add(trial::Opened{"0.1.0", "host-a", 4711, {}, {}, {}, {}, "EPYC"});
  for (int trial = 0; trial < 4; ++trial)
    sample.train(trial, testing::SampleStudy::configuration(64, 0.1), 0, 9);
  sample.add(trial::Launched{2, {}, {}, "Xeon"});
  for (int trial = 10; trial < 100; trial += 2)
    sample.train(trial, testing::SampleStudy::configuration(64, 0.1), 0, 9);
  store(sample);
  const auto kinds = json(kPath)["hardware"];
  ASSERT_EQ(kinds.size(), 2u);
  EXPECT_EQ(kinds[0]["kind"], "EPYC");
  EXPECT_EQ(kinds[0]["trials"], 49);
  EXPECT_EQ(kinds[0]["ranges"].size(), 20u);
  EXPECT_EQ(kinds[0]["ranges"][0], nlohmann::json::parse("[0,3]"));
  EXPECT_EQ(kinds[1], nlohmann::json::parse(R"({"kind": "Xeon", "trials": 1, "ranges": [[2, 2]]})"));
}

TEST_F(OverviewTest, WhatIsUnknownIsNotZero) {
  testing::SampleStudy sample;
  sample.train(0, testing::SampleStudy::configuration(64, 0.1), 0, 9);
  sample.evaluate(0, 1, 0.5, testing::SampleStudy::unknown_energy());
  store(sample);
  const auto seen = json(kPath);
  EXPECT_TRUE(seen["study"]["joules"]["total"].is_null());
  EXPECT_EQ(seen["unknown"], 1);
  EXPECT_EQ(seen["note"], "permission denied");
  EXPECT_TRUE(seen["rungs"][0]["joules"].is_null());
  EXPECT_TRUE(seen["domains"][0]["joules"].is_null());
}

TEST_F(OverviewTest, AStudyThatHasJustBegunHasNothingYet) {
  store(testing::SampleStudy());
  const auto seen = json(kPath);
  EXPECT_TRUE(seen["best"].is_null());
  EXPECT_EQ(seen["rungs"].size(), 0u);
  EXPECT_EQ(seen["course"]["best"]["metric"].size(), 0u);
  EXPECT_EQ(seen["front"]["members"].size(), 0u);
}

}  // namespace
}  // namespace sm2::dashboard
