#include "report/table_export.h"

#include <gtest/gtest.h>

#include <cmath>

#include "testing/sample_study.h"

namespace sm2::report {
namespace {

using testing::SampleStudy;

std::string table(const SampleStudy& sample, const std::optional<std::string>& test = {}) {
  const auto text = export_table({sample.spec.name, sample.spec, sample.state, false}, test);
  EXPECT_TRUE(text) << text.error().message;
  return text.value_or("");
}

std::string refused(const SampleStudy& sample, const std::optional<std::string>& test = {}) {
  const auto text = export_table({sample.spec.name, sample.spec, sample.state, false}, test);
  return text ? "not refused: " + *text : text.error().message;
}

// A trial with an evaluation after each of `metrics`; an epoch takes 100 J and 10 s.
void train(SampleStudy& study, int trial, space::Configuration configuration,
           const std::vector<double>& metrics) {
  study.train(trial, std::move(configuration), 0, 20);
  double epoch = 0;
  for (const double metric : metrics) {
    ++epoch;
    study.evaluate(trial, epoch, metric, SampleStudy::energy(100 * epoch));
  }
  study.exit(trial, trial::Completed{}, SampleStudy::energy(100 * epoch));
}

const auto setting = &SampleStudy::configuration;

TEST(TableExport, HasARowForEachEvaluation) {
  SampleStudy study;
  train(study, 0, setting(64, 0.01), {0.5, 0.625});
  train(study, 1, setting(512, 0.1), {0.25});
  EXPECT_EQ(table(study),
            "batch_size,learning_rate,seed,resource,metric,joules,seconds\n"
            "64,0.01,1,1,0.5,100,10\n"
            "64,0.01,1,2,0.625,200,20\n"
            "512,0.1,1,1,0.25,100,10\n");
}

TEST(TableExport, EqualConfigurationsAreNumbered) {
  SampleStudy study;
  train(study, 0, setting(64, 0.01), {0.5});
  train(study, 1, setting(64, 0.01), {0.6});
  EXPECT_NE(table(study).find("\n64,0.01,1,1,0.5,"), std::string::npos);
  EXPECT_NE(table(study).find("\n64,0.01,2,1,0.6,"), std::string::npos);
}

TEST(TableExport, AParameterCalledSeedIsTheSeed) {
  SampleStudy study;
  study.spec.space =
      space::Space::make({{"seed", space::Categorical{{std::int64_t{7}, std::int64_t{8}}}, {}},
                          {"batch_size", space::Categorical{{std::int64_t{64}, std::int64_t{512}}}, {}}})
          .value();
  train(study, 0, {{"seed", std::int64_t{7}}, {"batch_size", std::int64_t{64}}}, {0.5});
  train(study, 1, {{"seed", std::int64_t{7}}, {"batch_size", std::int64_t{64}}}, {0.6});
  EXPECT_EQ(table(study),
            "batch_size,seed,resource,metric,joules,seconds\n"
            "64,7,1,0.5,100,10\n"
            "64,7 #2,1,0.6,100,10\n");
}

TEST(TableExport, ATrialThatFailedEndsWithNanAndAllThatItUsed) {
  SampleStudy study;
  study.train(0, setting(64, 0.01), 0, 20);
  study.evaluate(0, 2, 0.5, SampleStudy::energy(100));
  study.evaluate(0, 4, 0.6, SampleStudy::energy(200));
  study.exit(0, trial::Diverged{"loss is nan"}, SampleStudy::energy(250));
  study.train(1, setting(512, 1), 0, 20);
  study.evaluate(1, 2, std::nan(""), SampleStudy::energy(90));
  study.exit(1, trial::Diverged{"val_accuracy is nan"}, SampleStudy::energy(95));
  EXPECT_EQ(table(study),
            "batch_size,learning_rate,seed,resource,metric,joules,seconds\n"
            "64,0.01,1,2,0.5,100,20\n"
            "64,0.01,1,4,0.6,200,40\n"
            "64,0.01,1,6,nan,250,20\n"
            "512,1,1,2,nan,90,20\n");
}

TEST(TableExport, TheTestMetricIsAColumnWhereItIsAskedFor) {
  SampleStudy study;
  study.train(0, setting(64, 0.01), 0, 20);
  study.add(trial::Evaluated{0,
                             {1,
                              {{"val_accuracy", 0.5}, {"test_accuracy", 0.375}},
                              SampleStudy::energy(100),
                              base::Seconds(10),
                              {}}});
  study.add(
      trial::Evaluated{0, {2, {{"val_accuracy", 0.6}}, SampleStudy::energy(200), base::Seconds(20), {}}});
  EXPECT_EQ(table(study, "test_accuracy"),
            "batch_size,learning_rate,seed,resource,metric,joules,seconds,test_metric\n"
            "64,0.01,1,1,0.5,100,10,0.375\n"
            "64,0.01,1,2,0.6,200,20,nan\n");
  EXPECT_EQ(
      refused(study, "test_loss"),
      "no trial of study fashion-cnn reported test_loss; --test names a metric that the program reports");
}

TEST(TableExport, TrialsThatWentOnFromAnotherAreLeftOut) {
  SampleStudy study;
  train(study, 0, setting(64, 0.01), {0.5});
  study.add(trial::Decided{trial::Train{1, setting(512, 0.01), 0, 20, {}, {}, 0}});
  study.evaluate(1, 2, 0.9, SampleStudy::energy(100));
  EXPECT_EQ(table(study).find("512"), std::string::npos);
}

TEST(TableExport, WhatATableCannotHoldIsRefused) {
  SampleStudy unknown;
  unknown.train(0, setting(64, 0.01), 0, 20);
  unknown.evaluate(0, 1, 0.5, SampleStudy::unknown_energy());
  EXPECT_EQ(refused(unknown),
            "the energy of trial 0 is unknown (permission denied); a table needs the joules of every trial");

  SampleStudy half;
  half.train(0, setting(64, 0.01), 0, 20);
  half.evaluate(0, 0.5, 0.5, SampleStudy::energy(100));
  EXPECT_EQ(
      refused(half),
      "trial 0 was evaluated at 0.5 epoch; a table counts whole units from 1, so choose a smaller unit");

  SampleStudy cycled;
  cycled.spec.options.cycle_learning_rate = true;
  EXPECT_EQ(refused(cycled),
            "study fashion-cnn cycled its learning rate, so that a trial is not one setting; record it with "
            "strategy.learning_rate = \"sample\"");

  SampleStudy conditional;
  train(conditional, 0, {{"batch_size", std::int64_t{64}}}, {0.5});
  EXPECT_EQ(refused(conditional),
            "parameter 'learning_rate' does not exist in trial 0; a table has every parameter in every row");

  SampleStudy named;
  named.spec.space =
      space::Space::make({{"joules", space::Real{0, 1, {}, space::Scale::kLinear}, {}}}).value();
  EXPECT_EQ(refused(named),
            "parameter 'joules' has the name of another column of the table; call it otherwise");

  EXPECT_EQ(refused(SampleStudy()),
            "study fashion-cnn has no trial with an evaluation yet; there is nothing to put into a table");
}

}  // namespace
}  // namespace sm2::report
