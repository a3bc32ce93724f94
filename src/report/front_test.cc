#include "report/front.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "report/json.h"
#include "testing/sample_study.h"

namespace sm2::report {
namespace {

using nlohmann::json;
using testing::SampleStudy;

Study study_of(const SampleStudy& sample) { return {sample.spec.name, sample.spec, sample.state, false}; }

void finish(SampleStudy& sample, int trial, double metric, trial::Energy energy) {
  sample.train(trial, SampleStudy::configuration(64, 0.01), 0, 20);
  sample.evaluate(trial, 20, metric, energy);
  sample.exit(trial, trial::Completed{}, energy);
}

// Trials 0 and 2 are on the front; 1 is dominated; 3 has no known energy; 4 was dropped, 5 diverged, 6 runs.
SampleStudy sample() {
  SampleStudy made;
  finish(made, 0, 0.8, SampleStudy::energy(100));
  finish(made, 1, 0.7, SampleStudy::energy(300));
  finish(made, 2, 0.9, SampleStudy::energy(200));
  finish(made, 3, 0.95, SampleStudy::unknown_energy());
  finish(made, 4, 0.99, SampleStudy::energy(1));
  made.drop(4, "worse");
  made.train(5, SampleStudy::configuration(64, 1), 0, 20);
  made.exit(5, trial::Diverged{"x"}, SampleStudy::energy(1));
  made.train(6, SampleStudy::configuration(64, 0.1), 0, 20);
  made.evaluate(6, 1, 0.97, SampleStudy::energy(2));
  return made;
}

TEST(Front, HoldsFinishedTrialsThatNothingFinishedBetters) {
  const Front front = report::front(study_of(sample()));
  EXPECT_EQ(front.members, (std::vector<int>{2, 0}));
  EXPECT_EQ(front.placed, 3u);
  EXPECT_EQ(front.unknown, std::vector<int>{3});
  EXPECT_EQ(front.reference_metric, 0.7);
  EXPECT_EQ(front.reference_energy, base::Joules(300));
  EXPECT_NEAR(front.hypervolume, 0.2 * 100 + 0.1 * 100, 1e-9);
}

TEST(Front, KnowsMetricsThatAreBetterLow) {
  SampleStudy study = sample();
  study.spec.metric.goal = config::Goal::kMinimize;
  const Front front = report::front(study_of(study));
  EXPECT_EQ(front.members, (std::vector<int>{1, 0}));
  EXPECT_EQ(front.reference_metric, 0.9);
  EXPECT_NEAR(front.hypervolume, 0.1 * 200, 1e-9);
}

TEST(Front, TextNamesTheMembersTheReferenceTheSourceAndWhatIsLeftOut) {
  EXPECT_EQ(
      front_text(study_of(sample())),
      "2 of 3 finished trials: no other has a better val_accuracy for as little energy\n"
      "\n"
      "TRIAL  epoch  val_accuracy        ENERGY  PARAMETERS\n"
      "    2     20           0.9  200 J +- 100  batch_size=64 learning_rate=0.01\n"
      "    0     20           0.8   100 J +- 50  batch_size=64 learning_rate=0.01\n"
      "\n"
      "hypervolume: 30 val_accuracy J, above val_accuracy 0.7 and 300 J, the worst and the most of them\n"
      "energy: cpu-model, modelled; +- is its whole uncertainty\n"
      "left out, their energy is unknown: trial 3\n");
}

TEST(Front, JsonHasTheFixedKeysAndEnergiesWithSourceQualityAndError) {
  const json all = json::parse(front_json(study_of(sample())));
  std::vector<std::string> keys;
  for (const auto& [key, value] : all.items()) keys.push_back(key);
  EXPECT_EQ(keys, (std::vector<std::string>{"front", "hypervolume", "metric", "placed", "reference", "study",
                                            "unit", "unknown"}));
  ASSERT_EQ(all["front"].size(), 2u);
  const json& first = all["front"][0];
  EXPECT_EQ(first["trial"], 2);
  EXPECT_EQ(first["joules"], 200.0);
  EXPECT_EQ(first["joules_error"], 100.0);
  EXPECT_EQ(first["quality"], "modelled");
  EXPECT_EQ(first["sources"], json::array({"cpu-model"}));
  EXPECT_EQ(first["command"], json::array({"./train", "--batch-size=64", "--lr=0.01"}));
  EXPECT_EQ(all["unknown"], json::array({3}));
  EXPECT_EQ(all["placed"], 3);
  EXPECT_EQ(all["reference"], json::parse(R"({"metric":0.7,"joules":300.0})"));
}

TEST(Front, IsEmptyWhereNothingCanBePlaced) {
  SampleStudy study;
  finish(study, 0, 0.9, SampleStudy::unknown_energy());
  EXPECT_EQ(front_text(study_of(study)), "");
  EXPECT_EQ(front_json(study_of(study)), "");
  EXPECT_EQ(report::front(study_of(study)).unknown, std::vector<int>{0});
}

}  // namespace
}  // namespace sm2::report
