#include "report/trials_export.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "testing/sample_study.h"

namespace sm2::report {
namespace {

using testing::SampleStudy;

Study study_of(const SampleStudy& sample) { return {sample.spec.name, sample.spec, sample.state, false}; }

TEST(TrialsExport, CsvHasARowForEachTrialAndNothingForWhatIsUnknown) {
  SampleStudy sample;
  sample.train(0, SampleStudy::configuration(64, 0.01), 0, 1);
  sample.evaluate(0, 1, 0.75, SampleStudy::energy(100));
  sample.exit(0, trial::Completed{}, SampleStudy::energy(100), "=HYPERLINK(\"x\"), and more");
  sample.train(1, SampleStudy::configuration(512, 0.5), 0, 1);
  EXPECT_EQ(
      export_csv(study_of(sample)),
      "trial,state,param.batch_size,param.learning_rate,metric,joules,joules_error,quality,rung,resource,"
      "seconds,evaluations,reason,note\r\n"
      "0,finished,64,0.01,0.75,100,50,modelled,0,1,20,1,,\"'=HYPERLINK(\"\"x\"\"), and more\"\r\n"
      "1,interrupted,512,0.5,,,,,0,,,0,,\r\n");
}

TEST(TrialsExport, JsonHasEverything) {
  const nlohmann::json all = nlohmann::json::parse(export_json(study_of(testing::decided_study())));
  EXPECT_EQ(all["study"]["study"], "fashion-cnn");
  ASSERT_EQ(all["trials"].size(), 3);
  const nlohmann::json& trial = all["trials"][0];
  EXPECT_EQ(trial["params"]["batch_size"], 64);
  EXPECT_EQ(trial["evaluations"][0]["resource"], 1);
  EXPECT_EQ(trial["evaluations"][0]["metrics"]["val_accuracy"], 0.8);
  EXPECT_EQ(trial["evaluations"][0]["joules"], 100);
  EXPECT_EQ(all["trials"][2]["evaluations"][0]["metrics"]["val_accuracy"], nullptr) << "nan";
}

}  // namespace
}  // namespace sm2::report
