#include "runner/deadlines.h"

#include <gtest/gtest.h>

namespace sm2::runner {
namespace {

using base::Seconds;
using trial::Action;

Limits limits(std::optional<double> wall, std::optional<double> silence) {
  Limits limits;
  if (wall) limits.wall = Seconds(*wall);
  if (silence) limits.silence = Seconds(*silence);
  limits.grace = Seconds(10);
  return limits;
}

TEST(Deadlines, NothingIsEverDueWithoutLimits) {
  Deadlines deadlines(limits({}, {}), Seconds(0));
  EXPECT_EQ(deadlines.due(Seconds(1e9), false), Measure::kNone);
  EXPECT_FALSE(deadlines.next(false));
}

TEST(Deadlines, AskedGentlyItHasTheGracePeriodBetweenMeasures) {
  Deadlines deadlines(limits({}, {}), Seconds(0));
  deadlines.ask(Action::kPause, Seconds(5), true);
  EXPECT_EQ(deadlines.next(false), Seconds(15));
  EXPECT_EQ(deadlines.due(Seconds(14.9), false), Measure::kNone);
  EXPECT_EQ(deadlines.due(Seconds(15), false), Measure::kTerminate);
  EXPECT_EQ(deadlines.due(Seconds(15), false), Measure::kNone);
  EXPECT_EQ(deadlines.due(Seconds(25), false), Measure::kKill);
  EXPECT_EQ(deadlines.due(Seconds(35), false), Measure::kGiveUp);
  EXPECT_FALSE(deadlines.next(false));
  EXPECT_EQ(deadlines.due(Seconds(1e9), false), Measure::kNone);
}

TEST(Deadlines, AskedFirmlyItIsTerminatedAtOnce) {
  Deadlines deadlines(limits({}, {}), Seconds(0));
  deadlines.ask(Action::kStop, Seconds(5), false);
  EXPECT_EQ(deadlines.due(Seconds(5), false), Measure::kTerminate);
}

TEST(Deadlines, StopPrevailsAndAskingAgainDelaysNothing) {
  Deadlines deadlines(limits({}, {}), Seconds(0));
  deadlines.ask(Action::kPause, Seconds(0), true);
  deadlines.ask(Action::kStop, Seconds(9), true);
  deadlines.ask(Action::kPause, Seconds(9), true);
  EXPECT_EQ(deadlines.asked(), Action::kStop);
  EXPECT_EQ(deadlines.due(Seconds(10), false), Measure::kTerminate);
  deadlines.ask(Action::kStop, Seconds(19), false);
  EXPECT_EQ(deadlines.due(Seconds(19), false), Measure::kNone);
  EXPECT_EQ(deadlines.due(Seconds(20), false), Measure::kKill);
}

TEST(Deadlines, WallIsCountedFromTheStart) {
  Deadlines deadlines(limits(100, {}), Seconds(50));
  deadlines.heard(Seconds(149));
  EXPECT_EQ(deadlines.next(false), Seconds(150));
  EXPECT_EQ(deadlines.due(Seconds(149), false), Measure::kNone);
  EXPECT_EQ(deadlines.due(Seconds(150), false), Measure::kTerminate);
  Observed observed;
  deadlines.describe(observed);
  EXPECT_EQ(observed.over_limit, trial::Outcome(trial::TimedOut{"wall", Seconds(100)}));
  EXPECT_TRUE(observed.terminated);
  EXPECT_FALSE(observed.killed);
}

TEST(Deadlines, SilenceIsCountedFromTheLastWordUnlessTheProgramWaits) {
  Deadlines deadlines(limits({}, 10), Seconds(0));
  deadlines.heard(Seconds(8));
  EXPECT_EQ(deadlines.next(false), Seconds(18));
  EXPECT_FALSE(deadlines.next(true));
  EXPECT_EQ(deadlines.due(Seconds(30), true), Measure::kNone);
  EXPECT_EQ(deadlines.due(Seconds(30), false), Measure::kTerminate);
  Observed observed;
  deadlines.describe(observed);
  EXPECT_EQ(observed.over_limit, trial::Outcome(trial::TimedOut{"silence", Seconds(30)}));
}

TEST(Deadlines, TimeThatAProgramIsKeptWaitingIsNotItsOwn) {
  Deadlines deadlines(limits(100, {}), Seconds(0));
  EXPECT_EQ(deadlines.due(Seconds(60), true), Measure::kNone);
  EXPECT_FALSE(deadlines.next(true));
  EXPECT_EQ(deadlines.due(Seconds(1000), true), Measure::kNone);
  EXPECT_EQ(deadlines.due(Seconds(1060), false), Measure::kNone);
  EXPECT_EQ(deadlines.next(false), Seconds(1100));
  EXPECT_EQ(deadlines.due(Seconds(1100), false), Measure::kTerminate);
  Observed observed;
  deadlines.describe(observed);
  EXPECT_EQ(observed.over_limit, trial::Outcome(trial::TimedOut{"wall", Seconds(100)}));
}

TEST(Deadlines, NorIsTimeThatItWasKeptWaitingUnseen) {
  Deadlines deadlines(limits(100, {}), Seconds(0));
  deadlines.heard(Seconds(560));
  deadlines.excuse(Seconds(500));
  EXPECT_EQ(deadlines.due(Seconds(560), true), Measure::kNone);
  deadlines.excuse(Seconds(10));  // within a wait that is known
  EXPECT_EQ(deadlines.due(Seconds(580), false), Measure::kNone);
  EXPECT_EQ(deadlines.next(false), Seconds(620));
}

TEST(Deadlines, AProgramThatWasAskedToEndIsNotTimedOut) {
  Deadlines deadlines(limits(12, 1), Seconds(0));
  deadlines.ask(Action::kPause, Seconds(0.5), true);
  EXPECT_EQ(deadlines.due(Seconds(10.5), false), Measure::kTerminate);
  EXPECT_EQ(deadlines.due(Seconds(13), false), Measure::kNone);
  Observed observed;
  deadlines.describe(observed);
  EXPECT_FALSE(observed.over_limit);
  EXPECT_EQ(observed.asked, Action::kPause);
}

TEST(Deadlines, WhatTakesTooMuchIsKilledAtOnce) {
  const trial::Outcome outcome = trial::OutOfMemory{"limit memory"};
  Deadlines deadlines(limits({}, 1), Seconds(0));
  deadlines.exceeded(outcome, Seconds(0.5));
  EXPECT_EQ(deadlines.due(Seconds(0.5), false), Measure::kKill);
  deadlines.exceeded(trial::Exceeded{"disk", ""}, Seconds(0.6));
  EXPECT_EQ(deadlines.due(Seconds(1.5), false), Measure::kNone)
      << "silence and the second limit change nothing";
  EXPECT_EQ(deadlines.due(Seconds(10.5), false), Measure::kGiveUp);
  Observed observed;
  deadlines.describe(observed);
  EXPECT_EQ(observed.over_limit, outcome);
  EXPECT_FALSE(observed.terminated);
  EXPECT_TRUE(observed.killed);
}

TEST(Deadlines, TheGraceOfOneThatIsToEndIsOverWhenItTakesTooMuch) {
  Deadlines deadlines(limits({}, {}), Seconds(0));
  deadlines.ask(Action::kPause, Seconds(0), true);
  EXPECT_EQ(deadlines.due(Seconds(10), false), Measure::kTerminate);
  deadlines.exceeded(trial::OutOfMemory{}, Seconds(11));
  EXPECT_EQ(deadlines.due(Seconds(11), false), Measure::kKill);
  Observed observed;
  deadlines.describe(observed);
  EXPECT_EQ(observed.over_limit, trial::Outcome(trial::OutOfMemory{}));
  EXPECT_TRUE(observed.terminated);
}

}  // namespace
}  // namespace sm2::runner
