#include "report/rungs.h"

#include <gtest/gtest.h>

#include "testing/sample_study.h"

namespace sm2::report {
namespace {

Study study_of(const testing::SampleStudy& sample) {
  return {sample.spec.name, sample.spec, sample.state, false};
}

TEST(RungsTest, EveryTrialIsInOnePlaceOfEachRung) {
  const auto all = rungs(study_of(testing::decided_study()));
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].rung, 0);
  EXPECT_EQ(all[0].until, 1);
  EXPECT_EQ(all[0].trained, 3);
  EXPECT_EQ(all[0].promoted, 1);
  EXPECT_EQ(all[0].dropped, 1);
  EXPECT_EQ(all[0].failed, 1);
  EXPECT_EQ(all[1].trained, 1);
  EXPECT_EQ(all[1].finished, 1);
}

TEST(RungsTest, EnergyIsThatOfTheStretches) {
  const auto all = rungs(study_of(testing::decided_study()));
  EXPECT_EQ(all[0].spent.joules, base::Joules(102 + 80 + 20));
  EXPECT_EQ(all[1].spent.joules, base::Joules(98));
}

TEST(RungsTest, TheBestIsAsItWasOnTheRung) {
  const auto all = rungs(study_of(testing::decided_study()));
  EXPECT_EQ(all[0].best, 0.8);
  EXPECT_EQ(all[1].best, 0.9);
  EXPECT_EQ(all[1].best_trial, 0);
}

TEST(RungsTest, UnknownEnergyIsNotZero) {
  testing::SampleStudy sample;
  sample.train(0, testing::SampleStudy::configuration(64, 0.1), 0, 1);
  sample.evaluate(0, 1, 0.5, testing::SampleStudy::unknown_energy());
  const auto all = rungs(study_of(sample));
  ASSERT_EQ(all.size(), 1u);
  EXPECT_FALSE(all[0].spent.joules);
  EXPECT_EQ(all[0].running, 1);
}

TEST(RungsTest, NoTrialNoRung) { EXPECT_TRUE(rungs(study_of(testing::SampleStudy())).empty()); }

}  // namespace
}  // namespace sm2::report
