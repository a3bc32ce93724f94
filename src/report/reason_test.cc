#include "report/reason.h"

#include <gtest/gtest.h>

#include "report/json.h"
#include "report/trial_listing.h"
#include "testing/sample_study.h"

namespace sm2::report {
namespace {

using testing::SampleStudy;

Study study_of(const SampleStudy& sample) { return {sample.spec.name, sample.spec, sample.state, false}; }

std::string reason_of(const SampleStudy& sample, int trial) {
  const Study study = study_of(sample);
  return reason(study, study.state.trials.at(trial));
}

// Trial 0 came furthest; 1 and 2 were left on the way, 2 before it had reported anything.
SampleStudy left_study() {
  SampleStudy study;
  for (const int id : {0, 1, 2}) {
    study.train(id, SampleStudy::configuration(64, 0.1), 0, 4);
    if (id < 2) study.evaluate(id, id == 0 ? 4 : 1, id == 0 ? 0.83 : 0.71, SampleStudy::energy(10));
    study.exit(id, trial::Paused{}, SampleStudy::energy(10));
  }
  return study;
}

TEST(Reason, OfADecisionOrAFailureIsTheirs) {
  const SampleStudy study = testing::decided_study();
  EXPECT_EQ(reason_of(study, 0), "");
  EXPECT_EQ(reason_of(study, 1), "rung 0: objective 0.81 against 0.12 of the last one kept");
  EXPECT_EQ(reason_of(study, 2), "diverged: loss is NaN at step 31");
}

TEST(Reason, OfOneThatStillWaitedSaysWhereItStoodAndWhereTheWinnerDoes) {
  SampleStudy study = left_study();
  EXPECT_EQ(reason_of(study, 1), "") << "it may go on";
  study.close("finished", 0, "nothing is forecast to be better");
  EXPECT_EQ(reason_of(study, 0), "");
  EXPECT_EQ(reason_of(study, 1),
            "left at 1 epoch with val_accuracy 0.71 when the study finished: trial 0, the winner, has 0.83 "
            "at 4 epochs");
  EXPECT_EQ(reason_of(study, 2), "left when the study finished, before it had reported val_accuracy");
  EXPECT_NE(trials_json(study_of(study))[1].find("left at 1 epoch"), std::string::npos);
}

TEST(Reason, WithoutAWinnerSaysSo) {
  SampleStudy study = left_study();
  study.close("finished", {});
  EXPECT_EQ(reason_of(study, 1),
            "left at 1 epoch with val_accuracy 0.71 when the study finished without a winner");
}

}  // namespace
}  // namespace sm2::report
