#include "report/answers.h"

#include <gtest/gtest.h>

#include "testing/sample_study.h"

namespace sm2::report {
namespace {

using testing::SampleStudy;

Study study_of(const SampleStudy& made) { return {made.spec.name, made.spec, made.state, false}; }

std::string verdict(const SampleStudy& made) {
  return verdict_text(study_of(made), summarize(made.spec, made.state, false));
}

std::string cost(const SampleStudy& made) {
  return total_cost_text(study_of(made), summarize(made.spec, made.state, false));
}

TEST(Answers, AVerdictAtEveryStageOfAStudy) {
  SampleStudy study;
  EXPECT_EQ(verdict(study), "No trial has begun.");
  study.train(0, SampleStudy::configuration(64, 0.1), 0, 1);
  EXPECT_EQ(verdict(study), "No trial has reported a usable metric yet.");
  study.evaluate(0, 1, 0.5, SampleStudy::energy(30));
  EXPECT_EQ(verdict(study), "Undecided; the best so far is trial 0: val_accuracy 0.5 after 1 epoch.");
  EXPECT_EQ(verdict(testing::decided_study()), "Trial 0 is the winner: val_accuracy 0.9 after 2 epochs.");
  SampleStudy failed;
  failed.train(0, SampleStudy::configuration(64, 0.1), 0, 1);
  failed.exit(0, trial::Failed{1, "no"}, SampleStudy::energy(1));
  EXPECT_EQ(verdict(failed), "No usable trial: all 1 failed.");
}

TEST(Answers, TheCostSaysItsSourceAndItsShareOfTheBudget) {
  SampleStudy study = testing::decided_study();
  study.spec.budget.energy = base::Joules(3000);
  EXPECT_TRUE(
      cost(study).starts_with("300 J +- 150 (cpu-model, modelled), 10 % of the budget of 3.00 kJ in "))
      << cost(study);
  EXPECT_EQ(cost(SampleStudy()), "nothing was spent yet");
}

TEST(Answers, UnknownEnergyIsAtLeastWhatIsKnown) {
  SampleStudy study = testing::decided_study();
  study.train(3, SampleStudy::configuration(64, 0.3), 0, 1);
  study.evaluate(3, 1, 0.5, SampleStudy::unknown_energy());
  EXPECT_TRUE(cost(study).starts_with("at least 300 J +- 150 (")) << cost(study);
  EXPECT_NE(cost(study).find("the energy of 1 of 4 trials is unknown"), std::string::npos) << cost(study);
}

TEST(Answers, TheClosestOfThoseLeftBehindComeFirst) {
  const SampleStudy made = testing::decided_study();
  const Study study = study_of(made);
  const Summary summary = summarize(made.spec, made.state, false);
  const auto trials = left_behind(study, summary);
  ASSERT_EQ(trials.size(), 2u);
  EXPECT_EQ(trials[0]->id, 1) << "it has a metric, the other has none";
  EXPECT_EQ(trials[1]->id, 2);
  EXPECT_EQ(dropped_text(summary), "1 of 3 trials dropped, 1 failed");
  EXPECT_EQ(why_text(study, *trials[1]), "diverged: loss is NaN at step 31");
}

}  // namespace
}  // namespace sm2::report
