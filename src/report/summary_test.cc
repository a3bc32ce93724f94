#include "report/summary.h"

#include <gtest/gtest.h>

#include <cmath>

#include "report/stretches.h"
#include "testing/sample_study.h"

namespace sm2::report {
namespace {

using testing::SampleStudy;

TEST(Summary, SplitsTheEnergyOfADecidedStudy) {
  const SampleStudy study = testing::decided_study();
  const Summary summary = summarize(study.spec, study.state, false);
  EXPECT_EQ(summary.trials, (Counts{0, 0, 1, 1, 1}));
  EXPECT_TRUE(summary.decided);
  EXPECT_EQ(summary.best, 0);
  EXPECT_DOUBLE_EQ(summary.total.joules->value, 300);
  EXPECT_DOUBLE_EQ(summary.dropped.joules->value, 100);
  EXPECT_DOUBLE_EQ(*summary.dropped_share, 1.0 / 3);
  EXPECT_DOUBLE_EQ(summary.winner.joules->value, 200);
  EXPECT_DOUBLE_EQ(summary.training.joules->value + summary.exploring.joules->value, 300);
  EXPECT_NEAR(summary.training.joules->value, 100, 2);
  EXPECT_DOUBLE_EQ(summary.total.error.value, 150);
}

TEST(Summary, NothingSpentIsZeroButWhatWasNotReadIsUnknown) {
  SampleStudy study;
  EXPECT_EQ(summarize(study.spec, study.state, false).total.joules, base::Joules(0));
  study.train(0, SampleStudy::configuration(64, 0.1), 0, 1);
  EXPECT_FALSE(summarize(study.spec, study.state, false).total.joules);  // it runs, nothing was read yet
  study.exit(0, trial::Paused{}, SampleStudy::unknown_energy());
  study.train(1, SampleStudy::configuration(512, 0.1), 0, 1);
  study.exit(1, trial::Paused{}, SampleStudy::energy(70));
  const Summary summary = summarize(study.spec, study.state, false);
  EXPECT_FALSE(summary.total.joules);
  EXPECT_EQ(summary.unknown, 1);
  EXPECT_EQ(summary.known.joules, base::Joules(70));
  EXPECT_EQ(summary.dropped.joules, base::Joules(0));
  EXPECT_FALSE(summary.dropped_share);
}

TEST(Summary, ATrialThatNeverRanUsedNothing) {
  SampleStudy study = testing::decided_study();
  study.drop(3, "no plausible gain", SampleStudy::configuration(512, 0.2));
  EXPECT_EQ(used(study.state.trials.at(3)).joules, base::Joules(0));
  EXPECT_EQ(summarize(study.spec, study.state, false).total.joules, base::Joules(300));
}

TEST(Summary, UntilAWinnerIsDecidedTheBestIsTheBestUsableMetric) {
  SampleStudy study;
  study.spec.metric.goal = config::Goal::kMinimize;
  const double metrics[] = {std::nan(""), 3, 2, 1, 2};
  const double joules[] = {10, 10, 20, 10, 15};
  for (int i = 0; i < 5; ++i) {
    study.train(i, SampleStudy::configuration(64, 0.1), 0, 1);
    study.evaluate(i, 1, metrics[i], SampleStudy::energy(joules[i]));
    study.exit(i, i == 3 ? trial::Outcome(trial::Failed{1, ""}) : trial::Outcome(trial::Paused{}),
               SampleStudy::energy(joules[i]));
  }
  const Summary summary = summarize(study.spec, study.state, false);
  EXPECT_EQ(summary.best, 4);  // 3 failed; 2 has the same metric for more energy
  EXPECT_FALSE(summary.decided);
  EXPECT_FALSE(summary.winner.joules);
  EXPECT_EQ(summary.exploring.joules, summary.total.joules);
}

TEST(Summary, AStudyWithoutATunerIsInterruptedUnlessItWasClosed) {
  SampleStudy study;
  EXPECT_EQ(study_state(study.state, true), "running");
  EXPECT_EQ(study_state(study.state, false), "interrupted");
  study.close("budget", {});
  EXPECT_EQ(study_state(study.state, false), "budget");
}

TEST(Summary, ATrialThatWasTrainingIsInterruptedWhereNoTunerLives) {
  SampleStudy study;
  study.train(0, SampleStudy::configuration(64, 0.1), 0, 1);
  study.train(1, SampleStudy::configuration(64, 0.2), 0, 1);
  study.exit(1, trial::Paused{}, SampleStudy::energy(10));
  EXPECT_EQ(text(summarize(study.spec, study.state, true).trials), "2: 1 running, 1 paused");
  EXPECT_EQ(text(summarize(study.spec, study.state, false).trials), "2: 1 interrupted, 1 paused");
  EXPECT_EQ(trial_state(study.state.trials.at(0), true), "running");
  EXPECT_EQ(trial_state(study.state.trials.at(0), false), "interrupted");
  EXPECT_EQ(trial_state(study.state.trials.at(1), false), "paused");
}

TEST(Summary, WhatWaitedWhenTheStudyFinishedIsDropped) {
  SampleStudy study;
  for (const int id : {0, 1, 2}) {
    study.train(id, SampleStudy::configuration(64, 0.1), 0, 1);
    study.evaluate(id, 1, 0.5, SampleStudy::energy(10));
    if (id < 2) study.exit(id, trial::Paused{}, SampleStudy::energy(10));
  }
  study.close("finished", 1);
  const Summary summary = summarize(study.spec, study.state, false);
  EXPECT_EQ(text(summary.trials), "3: 1 finished, 2 stopped");
  EXPECT_EQ(summary.dropped.joules, base::Joules(20));
  EXPECT_EQ(summary.winner.joules, base::Joules(10));
}

TEST(Summary, TheCommandHasItsPlaceholdersFilled) {
  SampleStudy study = testing::decided_study();
  EXPECT_EQ(command(study.spec, study.state.trials.at(0)),
            (std::vector<std::string>{"./train", "--batch-size=64", "--lr=0.01"}));
  study.spec.command[0] = "./my train";
  EXPECT_EQ(command_line(study.spec, study.state.trials.at(0)), "'./my train' --batch-size=64 --lr=0.01");
}

TEST(Stretches, AddUpToTheTrialAndMergeAProbeWithoutEvaluation) {
  SampleStudy study;
  study.train(0, SampleStudy::configuration(64, 0.1), 0, 1);
  study.exit(0, trial::Paused{}, SampleStudy::energy(10));  // a probe, not evaluated
  study.train(0, SampleStudy::configuration(64, 0.1), 0, 1);
  study.evaluate(0, 1, 0.5, SampleStudy::energy(50));
  study.exit(0, trial::Paused{}, SampleStudy::energy(51));
  study.train(0, SampleStudy::configuration(64, 0.1), 1, 2);
  study.evaluate(0, 2, 0.6, SampleStudy::energy(90));
  study.exit(0, trial::Completed{}, SampleStudy::energy(95));
  const auto parts = stretches(study.state.trials.at(0));
  ASSERT_GE(parts.size(), 2u);
  double sum = 0;
  for (const Stretch& part : parts) sum += part.spent.joules->value;
  EXPECT_DOUBLE_EQ(sum, 95);
  EXPECT_EQ(parts.back().rung, 1);
}

}  // namespace
}  // namespace sm2::report
