#include "report/ahead.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testing/sample_study.h"

namespace sm2::report {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::SampleStudy;

void train_to_the_end(SampleStudy& study, int trial, double joules, double seconds) {
  study.train(trial, SampleStudy::configuration(64, 0.1), 0, 20);
  study.evaluate(trial, 20, 0.5, SampleStudy::energy(joules));
  study.add(trial::Exited{
      trial, {trial::Completed{}, 20, 0.5, SampleStudy::energy(joules), base::Seconds(seconds), {}}, ""});
}

TEST(Ahead, NothingIsSaidOfWhatHasShownNothing) {
  SampleStudy study;
  EXPECT_THAT(ahead(study.spec, study.state, {}), IsEmpty());
  study.train(0, SampleStudy::configuration(64, 0.1), 0, 20);
  EXPECT_THAT(ahead(study.spec, study.state, {}), IsEmpty());
}

TEST(Ahead, ATrialGoesOnAsItBegan) {
  SampleStudy study;
  study.train(0, SampleStudy::configuration(64, 0.1), 0, 20);
  study.evaluate(0, 5, 0.5, SampleStudy::energy(100));  // after 50 s
  EXPECT_THAT(ahead(study.spec, study.state, {}),
              ElementsAre("trial 0 to 20 epochs: about 300 J and 2 min 30 s, as its 5 epochs took"));
  study.add(trial::Metered{0, SampleStudy::energy(140), base::Seconds(70)});
  EXPECT_THAT(ahead(study.spec, study.state, {}),
              ElementsAre("trial 0 to 20 epochs: about 260 J and 2 min 10 s, as its 5 epochs took"));
  study.add(trial::Metered{0, SampleStudy::energy(500), base::Seconds(250)});
  EXPECT_THAT(ahead(study.spec, study.state, {}), IsEmpty()) << "it was wrong";
}

TEST(Ahead, NothingIsSaidOfAProbeNorOfUnknownEnergyNorOfSeveralAtATime) {
  SampleStudy probe;
  probe.add(
      trial::Decided{trial::Train{0, SampleStudy::configuration(64, 0.1), 0, 20, {}, base::Seconds(2)}});
  probe.add(trial::Launched{0, {}});
  probe.evaluate(0, 5, 0.5, SampleStudy::energy(100));
  EXPECT_THAT(ahead(probe.spec, probe.state, {}), IsEmpty());

  SampleStudy unknown;
  unknown.train(0, SampleStudy::configuration(64, 0.1), 0, 20);
  unknown.evaluate(0, 5, 0.5, SampleStudy::unknown_energy());
  EXPECT_THAT(ahead(unknown.spec, unknown.state, {base::Watts(5), 16, 1}), IsEmpty());

  SampleStudy two;
  for (const int trial : {0, 1}) {
    two.train(trial, SampleStudy::configuration(64, 0.1), 0, 20);
    two.evaluate(trial, 5, 0.5, SampleStudy::energy(100));
  }
  EXPECT_THAT(ahead(two.spec, two.state, {}), IsEmpty());
}

TEST(Ahead, TrainingsToTheEndCostWhatTheFinishedOnesDid) {
  SampleStudy study;
  train_to_the_end(study, 0, 100, 10);
  EXPECT_THAT(ahead(study.spec, study.state, {{}, 5, 1}), IsEmpty()) << "one tells no range";
  train_to_the_end(study, 1, 200, 30);
  EXPECT_THAT(ahead(study.spec, study.state, {{}, 5, 1}),
              ElementsAre("3 of 5 trainings to the end: 300 J to 600 J and 30.0 s to 1 min 30 s, as the 2 "
                          "finished ones took"));
  EXPECT_THAT(ahead(study.spec, study.state, {{}, 2, 1}), IsEmpty());
  EXPECT_THAT(ahead(study.spec, study.state, {}), IsEmpty()) << "who knows how many are to come";
}

TEST(Ahead, TrialsAtATimeSayNothingOfThoseThatAreAloneAtLast) {
  SampleStudy study;
  for (const int trial : {0, 1}) train_to_the_end(study, trial, 100, 10);
  EXPECT_THAT(ahead(study.spec, study.state, {{}, 6, 4}),
              ElementsAre("4 of 6 trainings to the end: 400 J and 10.0 s, as the 2 finished ones took"));
  train_to_the_end(study, 2, 100, 10);
  EXPECT_THAT(ahead(study.spec, study.state, {{}, 6, 4}), IsEmpty());
}

TEST(Ahead, WithATargetItMayBeOverSooner) {
  SampleStudy study;
  study.spec.metric.target = 0.99;
  train_to_the_end(study, 0, 100, 10);
  train_to_the_end(study, 1, 200, 30);
  EXPECT_THAT(
      ahead(study.spec, study.state, {{}, 3, 1}),
      ElementsAre("1 of 3 trainings to the end: at most 100 J to 200 J and 10.0 s to 30.0 s, as the 2 "
                  "finished ones took"));
}

TEST(Ahead, ABudgetLastsAtThePowerOfLate) {
  SampleStudy study;
  study.spec.budget.energy = base::Joules(1000);
  study.train(0, SampleStudy::configuration(64, 0.1), 0, 20);
  study.add(trial::Metered{0, SampleStudy::energy(400), base::Seconds(70)});
  EXPECT_THAT(ahead(study.spec, study.state, {base::Watts(10), {}, 1}),
              ElementsAre("the energy budget lasts 1 min 00 s at this power"));
  EXPECT_THAT(ahead(study.spec, study.state, {}), IsEmpty()) << "the power is not known";
}

}  // namespace
}  // namespace sm2::report
