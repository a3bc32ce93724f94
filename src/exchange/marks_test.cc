#include "exchange/marks.h"

#include <gtest/gtest.h>

#include "testing/sample_study.h"

namespace sm2::exchange {
namespace {

using testing::SampleStudy;

TEST(Marks, DatesAreInUtc) {
  EXPECT_EQ(utc(base::Seconds(0.25), ' ', true), "1970-01-01 00:00:00.250000");
  EXPECT_EQ(utc(base::Seconds(1.75e9), 'T', false), "2025-06-15T15:06:40");
}

TEST(Marks, AreTheSameAtEveryExportAndDifferByTrialAndStudy) {
  SampleStudy sample;
  const report::Study study{sample.spec.name, sample.spec, sample.state, false};
  EXPECT_EQ(trial_mark(study, 4), trial_mark(study, 4));
  EXPECT_NE(trial_mark(study, 4), trial_mark(study, 5));
  EXPECT_NE(trial_mark(study, 0), study_mark(study));
  report::Study other = study;
  other.name = "other";
  EXPECT_NE(trial_mark(study, 4), trial_mark(other, 4));
  EXPECT_EQ(trial_mark(study, 4).size(), 32u);
}

TEST(Marks, StepsAreResourcesWhereAllOfAStudyAreWhole) {
  SampleStudy sample;
  sample.train(0, SampleStudy::configuration(64, 0.1), 0, 4);
  sample.evaluate(0, 2, 0.5, SampleStudy::energy(10));
  sample.evaluate(0, 4, 0.6, SampleStudy::energy(20));
  EXPECT_EQ(Steps(sample.state).of(sample.state.trials.at(0)), (std::vector<std::int64_t>{2, 4}));
  sample.train(1, SampleStudy::configuration(64, 0.1), 0, 4);
  sample.evaluate(1, 0.5, 0.5, SampleStudy::energy(10));
  EXPECT_EQ(Steps(sample.state).of(sample.state.trials.at(0)), (std::vector<std::int64_t>{1, 2}));
}

}  // namespace
}  // namespace sm2::exchange
