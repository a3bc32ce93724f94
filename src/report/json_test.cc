#include "report/json.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "report/trial_listing.h"
#include "testing/sample_study.h"

namespace sm2::report {
namespace {

using nlohmann::json;
using testing::SampleStudy;

Study study_of(const SampleStudy& sample) { return {sample.spec.name, sample.spec, sample.state, false}; }

std::set<std::string> keys(const json& object) {
  std::set<std::string> names;
  for (const auto& [name, value] : object.items()) names.insert(name);
  return names;
}

TEST(Json, ShowHasTheFixedKeysAndFigures) {
  const json show = json::parse(show_json(study_of(testing::decided_study())));
  EXPECT_EQ(keys(show), (std::set<std::string>{
                            "study",         "state",   "reason",   "trials",  "joules",  "joules_error",
                            "dropped_share", "quality", "sources",  "seconds", "best",    "winner",
                            "metric",        "budget",  "strategy", "version", "host",    "created",
                            "carbon_grams",  "cost",    "grid",     "price",   "hardware"}));
  EXPECT_EQ(show["study"], "fashion-cnn");
  EXPECT_EQ(show["state"], "finished");
  EXPECT_EQ(show["trials"],
            json::parse(R"({"running":0,"interrupted":0,"paused":0,"finished":1,"stopped":1,"failed":1})"));
  EXPECT_EQ(show["joules"]["total"], 300.0);
  EXPECT_EQ(show["joules"]["dropped"], 100.0);
  EXPECT_EQ(show["joules"]["winner"], 200.0);
  EXPECT_EQ(show["joules_error"]["total"], 150.0);
  EXPECT_EQ(show["quality"], "modelled");
  EXPECT_EQ(show["sources"], json::array({"cpu-model"}));
  EXPECT_EQ(show["budget"]["joules"], nullptr);
}

TEST(Json, BestHasTheFixedKeys) {
  const json best = json::parse(best_json(study_of(testing::decided_study())));
  EXPECT_EQ(keys(best),
            (std::set<std::string>{"study", "trial", "params", "metric", "joules", "joules_error", "quality",
                                   "command", "command_line", "decided", "resource", "unit", "rung", "state",
                                   "carbon_grams", "cost", "hardware", "compared_on"}));
  EXPECT_EQ(best["trial"], 0);
  EXPECT_EQ(best["params"], json::parse(R"({"batch_size":64,"learning_rate":0.01})"));
  EXPECT_EQ(best["metric"], 0.9);
  EXPECT_EQ(best["joules"], 200.0);
  EXPECT_EQ(best["command"], json::array({"./train", "--batch-size=64", "--lr=0.01"}));
  EXPECT_EQ(best_json(study_of(SampleStudy())), "");
}

TEST(Json, TrialsAreOneObjectALineWithNullForWhatIsNotFiniteOrKnown) {
  SampleStudy sample = testing::decided_study();
  sample.train(3, SampleStudy::configuration(64, 0.2), 0, 1);
  const std::vector<std::string> lines = trials_json(study_of(sample));
  ASSERT_EQ(lines.size(), 4u);
  for (const std::string& line : lines) {
    EXPECT_EQ(line.find('\n'), std::string::npos);
    EXPECT_EQ(keys(json::parse(line)),
              (std::set<std::string>{"trial", "state", "params", "metric", "joules", "joules_error",
                                     "quality", "rung", "resource", "seconds", "evaluations", "devices",
                                     "reason", "wish", "note", "carbon_grams", "cost", "hardware"}));
  }
  const json dropped = json::parse(lines[1]);
  EXPECT_EQ(dropped["state"], "stopped");
  EXPECT_EQ(dropped["reason"], "rung 0: objective 0.81 against 0.12 of the last one kept");
  EXPECT_EQ(json::parse(lines[2])["metric"], nullptr);
  const json fresh = json::parse(lines[3]);
  for (const char* key : {"metric", "joules", "joules_error", "quality", "resource", "seconds"}) {
    EXPECT_EQ(fresh[key], nullptr) << key;
  }
}

TEST(Json, ATrialSaysWhatItRanOn) {
  SampleStudy sample = testing::decided_study();
  sample.train(3, SampleStudy::configuration(64, 0.2), 0, 1);
  sample.add(
      trial::Launched{3, {}, trial::Devices{{"gpu-1", "GPU-b", trial::Vendor::kNvidia, "gpu 0000:02:00.0"}}});
  const std::vector<std::string> lines = trials_json(study_of(sample));
  EXPECT_EQ(json::parse(lines[0])["devices"], nullptr);
  EXPECT_EQ(json::parse(lines[3])["devices"], json::parse(R"([{"name":"gpu-1","id":"GPU-b"}])"));
}

TEST(Json, CarbonAndCostAreNullWithoutRates) {
  const json show = json::parse(show_json(study_of(testing::decided_study())));
  EXPECT_EQ(show["carbon_grams"], json::parse(R"({"total":null,"dropped":null,"winner":null})"));
  for (const char* key : {"cost", "grid", "price"}) EXPECT_EQ(show[key], nullptr) << key;
  EXPECT_EQ(json::parse(best_json(study_of(testing::decided_study())))["cost"], nullptr);
}

TEST(Json, CarbonAndCostFollowTheEnergy) {
  SampleStudy sample;
  sample.add(
      trial::Opened{"0.1.0", "h", 1, {}, footprint::Grid{360, "stated"}, footprint::Price{0.36, "EUR"}, {}});
  sample.spec.budget.carbon = 5;
  sample.spec.budget.cost = footprint::Cost{0.5, "EUR"};
  for (const int trial : {0, 1}) {
    sample.train(trial, SampleStudy::configuration(64, 0.1), 0, 1);
    sample.evaluate(trial, 1, 0.5, SampleStudy::energy(10000));
    sample.exit(trial, trial::Completed{}, SampleStudy::energy(10000));
  }
  sample.drop(1, "worse");
  sample.close("finished", 0);
  const json show = json::parse(show_json(study_of(sample)));
  EXPECT_NEAR(show["carbon_grams"]["total"], 2, 1e-9);
  EXPECT_NEAR(show["carbon_grams"]["dropped"], 1, 1e-9);
  EXPECT_NEAR(show["carbon_grams"]["winner"], 1, 1e-9);
  EXPECT_NEAR(show["cost"]["amount"], 0.002, 1e-9);
  EXPECT_EQ(show["cost"]["currency"], "EUR");
  EXPECT_EQ(show["grid"], json::parse(R"({"grams_per_kwh":360.0,"origin":"stated"})"));
  EXPECT_EQ(show["price"], json::parse(R"({"per_kwh":0.36,"currency":"EUR"})"));
  EXPECT_EQ(show["budget"]["carbon_grams"], 5.0);
  EXPECT_EQ(show["budget"]["cost"], json::parse(R"({"amount":0.5,"currency":"EUR"})"));
  EXPECT_NEAR(json::parse(best_json(study_of(sample)))["carbon_grams"], 1, 1e-9);
  EXPECT_NEAR(json::parse(list_json({study_of(sample)}))["studies"][0]["carbon_grams"], 2, 1e-9);
  EXPECT_NEAR(json::parse(trials_json(study_of(sample))[1])["cost"]["amount"], 0.001, 1e-9);

  sample.train(2, SampleStudy::configuration(64, 0.3), 0, 1);
  sample.exit(2, trial::Completed{}, SampleStudy::unknown_energy());
  const json unknown = json::parse(show_json(study_of(sample)));
  EXPECT_EQ(unknown["carbon_grams"]["total"], nullptr);
  EXPECT_EQ(unknown["cost"], nullptr);
}

TEST(Json, SurvivesNamesThatAreNotUtf8AndIsAscii) {
  SampleStudy sample("bad \xff\x1b[31m größe \xc2\x9b");
  const std::string text = show_json(study_of(sample)) + list_json({study_of(sample)});
  for (const char c : text) EXPECT_TRUE(c >= 0x20 && c < 0x7f);
  EXPECT_EQ(json::parse(list_json({study_of(sample)}))["studies"].size(), 1u);
}

TEST(Json, TheListSaysWhereEnergyComesFromAndWhatTheMetricIs) {
  const auto studies =
      json::parse(list_json({study_of(testing::decided_study()), study_of(SampleStudy("empty"))}))["studies"];
  EXPECT_EQ(studies[0]["quality"], "modelled");
  EXPECT_EQ(studies[0]["sources"], json::parse("[\"cpu-model\"]"));
  EXPECT_EQ(studies[0]["metric_name"], "val_accuracy");
  EXPECT_EQ(studies[0]["goal"], "maximize");
  EXPECT_TRUE(studies[1]["quality"].is_null());
}

TEST(Json, ListHoldsEveryStudy) {
  const json list =
      json::parse(list_json({study_of(testing::decided_study()), study_of(SampleStudy("empty"))}));
  EXPECT_EQ(list["studies"][0]["best"], 0);
  EXPECT_EQ(list["studies"][0]["metric"], 0.9);
  EXPECT_EQ(list["studies"][1]["best"], nullptr);
  EXPECT_EQ(list["studies"][1]["joules"], 0.0);
}

}  // namespace
}  // namespace sm2::report
