#include "study/reservation.h"

#include <gtest/gtest.h>

namespace sm2::study {
namespace {

using base::Joules;
using base::Seconds;

class ReservationTest : public ::testing::Test {
 protected:
  void decide(trial::TrialId id, double until) {
    apply(trial::Decided{trial::Train{id, {{"x", std::int64_t{id}}}, 0, until, {}, {}}});
    apply(trial::Launched{id, {}});
  }
  void evaluate(trial::TrialId id, double resource, double joules) {
    trial::Reading reading;
    reading.domain = reading.source = "fake";
    reading.joules = Joules(joules);
    apply(trial::Evaluated{id, {resource, {{"accuracy", 0.5}}, {reading}, Seconds(1), {}}});
  }
  void end(trial::TrialId id) { apply(trial::Exited{id, {trial::Paused{}, 0, {}, {}, {}, {}}, ""}); }
  void apply(const trial::EventBody& body) {
    state_.apply({Seconds(0), body});
    reservation_.see(body, state_);
  }

  journal::StudyState state_;
  Reservation reservation_;
};

TEST_F(ReservationTest, NothingIsKnownOfTheFirst) {
  EXPECT_EQ(reservation_.total(), Joules(0));
  decide(0, 10);
  EXPECT_EQ(reservation_.total(), Joules(0));
}

TEST_F(ReservationTest, ATrialGoesOnAsItBegan) {
  decide(0, 10);
  evaluate(0, 2, 30);
  EXPECT_EQ(reservation_.total(), Joules(120));
  evaluate(0, 10, 140);
  EXPECT_EQ(reservation_.total(), Joules(0));
}

TEST_F(ReservationTest, ANewOneIsExpectedToTakeWhatOthersTook) {
  decide(0, 4);
  evaluate(0, 4, 40);
  decide(1, 4);
  evaluate(1, 4, 80);
  decide(2, 3);
  EXPECT_EQ(reservation_.total(), Joules(45));
  evaluate(2, 1, 100);
  EXPECT_EQ(reservation_.total(), Joules(200));
}

TEST_F(ReservationTest, WhatHasEndedNeedsNothing) {
  for (int id = 0; id < 3; ++id) decide(id, 5);
  evaluate(0, 1, 10);
  EXPECT_EQ(reservation_.total(), Joules(140));
  end(0);
  EXPECT_EQ(reservation_.total(), Joules(100));
  end(1);
  end(2);
  EXPECT_EQ(reservation_.total(), Joules(0));
}

TEST_F(ReservationTest, AStudyThatGoesOnKnowsWhatItsTrialsTook) {
  decide(0, 4);
  evaluate(0, 4, 40);
  end(0);
  reservation_ = Reservation(state_);
  EXPECT_EQ(reservation_.total(), Joules(0));
  decide(1, 3);
  EXPECT_EQ(reservation_.total(), Joules(30));
}

TEST_F(ReservationTest, AllThatRunAreAddedUp) {
  for (int id = 0; id < 3; ++id) {
    decide(id, 5);
    evaluate(id, 1, 10);
  }
  EXPECT_EQ(reservation_.total(), Joules(120));
}

}  // namespace
}  // namespace sm2::study
