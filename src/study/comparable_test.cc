#include "study/comparable.h"

#include <gtest/gtest.h>

namespace sm2::study {
namespace {

using trial::TrialId;

class ComparableTest : public ::testing::Test {
 protected:
  ComparableTest() {
    happen(trial::Created{});
    happen(trial::Opened{"1", "host", 1, {}, {}, {}, {}, "plain"});
  }

  void happen(trial::EventBody body) {
    state_.apply({base::Seconds(0), body});
    comparable_.see(body, state_);
  }

  void launch(TrialId trial, const std::string& hardware) {
    happen(trial::Decided{trial::Train{trial, {}, 0, 100, {}, {}}});
    happen(trial::Launched{trial, {}, {}, hardware});
  }

  static trial::Stretch stretch(double reached, double joules, double noise = 0) {
    trial::Reading reading;
    reading.domain = "cpu";
    reading.joules = base::Joules(joules);
    reading.noise = base::Joules(noise);
    return {trial::Paused{}, reached, 0.5, {reading}, base::Seconds(1), {}};
  }

  // Joules as the strategy is told at the end of the process, which it was told `joules` of.
  trial::Reading exit(TrialId trial, const trial::Stretch& stretch) {
    happen(trial::Checkpointed{trial, "saved", stretch.reached});
    happen(trial::Exited{trial, stretch, ""});
    return comparable_.told(trial, stretch).energy.front();
  }

  Comparable comparable_;
  journal::StudyState state_;
};

TEST_F(ComparableTest, OneKindOfHardwareIsToldAsItWasRead) {
  launch(0, "");
  const trial::Stretch one = stretch(4, 100, 1);
  happen(trial::Exited{0, one, ""});
  EXPECT_EQ(comparable_.told(0, one).energy, one.energy);
}

TEST_F(ComparableTest, ATrialThatMovedIsToldAsIfItHadNot) {
  launch(0, "");
  exit(0, stretch(4, 100));
  launch(0, "costly");
  const trial::Reading told = exit(0, stretch(8, 400));
  EXPECT_NEAR(told.joules->value, 200, 5);
  EXPECT_GT(told.noise.value, 5);
  EXPECT_LT(told.noise.value, 20);
}

TEST_F(ComparableTest, WhatIsLearntHoldsForOtherTrials) {
  launch(0, "");
  exit(0, stretch(4, 100));
  launch(0, "costly");
  exit(0, stretch(8, 400));
  launch(1, "costly");
  EXPECT_NEAR(exit(1, stretch(4, 600)).joules->value, 200, 10);
}

TEST_F(ComparableTest, NothingIsComparedByHardwareThatNothingIsKnownOf) {
  launch(0, "");
  exit(0, stretch(4, 100));
  launch(1, "costly");
  const trial::Reading told = exit(1, stretch(4, 100));
  EXPECT_GT(told.noise.value, 0.5 * told.joules->value);
}

TEST_F(ComparableTest, EnergyNeverGrowsLess) {
  launch(0, "");
  exit(0, stretch(4, 100));
  launch(0, "costly");  // taken for as cheap so far
  const double running = comparable_.told(0, stretch(6, 300)).energy.front().joules->value;
  EXPECT_GE(exit(0, stretch(6, 310)).joules->value, running);
}

TEST_F(ComparableTest, SamplesTellMoreThanWholeProcesses) {
  launch(0, "");
  trial::Stretch first = stretch(4, 1000);  // of which most went into the start
  first.progress.joules_per_sample = 1;
  exit(0, first);
  launch(0, "costly");
  trial::Stretch second = stretch(8, 1400);
  second.progress.joules_per_sample = 3;
  happen(trial::Exited{0, second, ""});
  const trial::Stretch told = comparable_.told(0, second);
  EXPECT_NEAR(told.energy.front().joules->value, 1000 + 400 / 3.0, 10);
  EXPECT_NEAR(*told.progress.joules_per_sample, 1, 0.05);
}

TEST_F(ComparableTest, UnknownEnergyStaysUnknown) {
  launch(0, "");
  exit(0, stretch(4, 100));
  launch(1, "costly");
  trial::Stretch unknown = stretch(4, 1);
  unknown.energy.front().joules.reset();
  happen(trial::Exited{1, unknown, ""});
  EXPECT_FALSE(trial::total(comparable_.told(1, unknown).energy));
}

}  // namespace
}  // namespace sm2::study
