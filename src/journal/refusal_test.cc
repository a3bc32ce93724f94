#include "journal/refusal.h"

#include <gtest/gtest.h>

#include "testing/sample_study.h"

namespace sm2::journal {
namespace {

using trial::Wish;

// Trial 0 waits for its next rung, trial 1 trains.
class RefusalTest : public ::testing::Test {
 protected:
  RefusalTest() {
    testing::SampleStudy sample;
    sample.train(0, testing::SampleStudy::configuration(64, 0.1), 0, 4);
    sample.evaluate(0, 4, 0.8, testing::SampleStudy::energy(10));
    sample.exit(0, trial::Paused{}, testing::SampleStudy::energy(10));
    sample.train(1, testing::SampleStudy::configuration(512, 0.1), 0, 4);
    state = sample.state;
  }
  std::string refused(Wish wish, std::optional<TrialId> trial = {}, bool alive = true) {
    return refusal({wish, trial}, "s", state, alive).value_or("");
  }
  StudyState state;
};

TEST_F(RefusalTest, OfATunerThatIsNotThere) {
  EXPECT_EQ(refused(Wish::kPause, {}, false), "no tuner works on study 's'; sm2 tune goes on with it");
  state.closed = "finished";
  EXPECT_EQ(refused(Wish::kStop, 0, false), "study 's' is finished");
}

TEST_F(RefusalTest, OfAStudy) {
  EXPECT_EQ(refused(Wish::kPause), "");
  EXPECT_EQ(refused(Wish::kStop), "");
  EXPECT_EQ(refused(Wish::kResume), "") << "it may be about to pause";
  state.closed = "paused";
  EXPECT_EQ(refused(Wish::kPause), "study 's' is paused already");
  EXPECT_EQ(refused(Wish::kResume), "");
  EXPECT_EQ(refused(Wish::kStop), "");
  EXPECT_EQ(refused(Wish::kStop, 1), "study 's' is paused as a whole; resume it first");
}

TEST_F(RefusalTest, OfATrial) {
  EXPECT_EQ(refused(Wish::kPause, 1), "");
  EXPECT_EQ(refused(Wish::kStop, 0), "");
  EXPECT_EQ(refused(Wish::kStop, 9), "study 's' has no trial 9");
  EXPECT_EQ(refused(Wish::kResume, 1),
            "trial 1 is not paused by a user; when it goes on is up to the strategy");
  state.trials.at(1).wish = Wish::kPause;
  EXPECT_EQ(refused(Wish::kPause, 1), "trial 1 is to pause already");
  EXPECT_EQ(refused(Wish::kResume, 1), "");
  EXPECT_EQ(refused(Wish::kStop, 1), "");
}

TEST_F(RefusalTest, OfATrialThatIsToStopOrHasEnded) {
  state.trials.at(1).wish = Wish::kStop;
  for (const Wish wish : {Wish::kPause, Wish::kResume, Wish::kStop})
    EXPECT_EQ(refused(wish, 1), "trial 1 is to stop already");
  state.trials.at(1).state = TrialState::kStopped;
  EXPECT_EQ(refused(Wish::kStop, 1), "trial 1 has ended: it is stopped");
}

}  // namespace
}  // namespace sm2::journal
