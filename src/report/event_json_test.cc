#include "report/event_json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "testing/sample_study.h"

namespace sm2::report {
namespace {

using Json = nlohmann::json;
using testing::SampleStudy;

std::vector<Json> told(const SampleStudy& study) {
  std::vector<Json> all;
  journal::StudyState state;
  for (const trial::Event& event : study.events) {
    state.apply(event);
    all.push_back(Json::parse(event_json(study.spec, event, state)));
  }
  return all;
}

std::vector<std::string> kinds(const std::vector<Json>& events) {
  std::vector<std::string> all;
  for (const Json& event : events) all.push_back(event["event"]);
  return all;
}

TEST(EventJson, EachEventIsAnObjectThatNamesItself) {
  const auto events = told(testing::decided_study());
  EXPECT_EQ(kinds(events),
            (std::vector<std::string>{
                "created",  "opened",    "train",    "launched",  "evaluated", "exited",    "train",
                "launched", "evaluated", "exited",   "train",     "launched",  "evaluated", "exited",
                "drop",     "train",     "launched", "evaluated", "exited",    "finish",    "closed"}));
  for (const Json& event : events) {
    EXPECT_EQ(event["study"], "fashion-cnn");
    EXPECT_GT(event["time"], 1.7e9);
  }
}

TEST(EventJson, AnEvaluationHasItsMetricAndItsEnergy) {
  const Json event = told(testing::decided_study())[4];
  EXPECT_EQ(event["trial"], 0);
  EXPECT_EQ(event["resource"], 1);
  EXPECT_EQ(event["metric"], 0.8);
  EXPECT_EQ(event["metrics"], (Json{{"val_accuracy", 0.8}}));
  EXPECT_EQ(event["joules"], 100);
  EXPECT_EQ(event["joules_error"], 50);
  EXPECT_EQ(event["quality"], "modelled");
  EXPECT_EQ(event["seconds"], 10);
}

TEST(EventJson, WhatIsUnknownOrNotFiniteIsNull) {
  SampleStudy study;
  study.train(0, SampleStudy::configuration(64, 0.1), 0, 1);
  study.evaluate(0, 1, std::nan(""), SampleStudy::unknown_energy());
  const Json event = told(study).back();
  EXPECT_TRUE(event["metric"].is_null());
  EXPECT_TRUE(event["joules"].is_null());
  EXPECT_TRUE(event["joules_error"].is_null());
  EXPECT_EQ(event["quality"], "measured");
}

TEST(EventJson, WhatProgramsSayIsASCII) {
  SampleStudy study;
  study.train(0, SampleStudy::configuration(64, 0.1), 0, 1);
  study.exit(0, trial::Failed{1, "\x1b[2Jbad\nnews \xff \xc3\xa4"}, SampleStudy::energy(1));
  const std::string line = event_json(study.spec, study.events.back(), study.state);
  for (const char letter : line) EXPECT_TRUE(letter >= ' ' && letter < 0x7f) << line;
}

TEST(EventJson, TheEndHasTheStudyAndItsBest) {
  const SampleStudy made = testing::decided_study();
  const Json end =
      Json::parse(ended_json({made.spec.name, made.spec, made.state, false}, "finished", "one is left", 0));
  EXPECT_EQ(end["event"], "ended");
  EXPECT_EQ(end["exit"], 0);
  EXPECT_EQ(end["show"]["joules"]["total"], 300);
  EXPECT_EQ(end["best"]["trial"], 0);
  const SampleStudy none;
  EXPECT_TRUE(Json::parse(ended_json({none.spec.name, none.spec, none.state, false}, "budget", "", 3))["best"]
                  .is_null());
}

}  // namespace
}  // namespace sm2::report
