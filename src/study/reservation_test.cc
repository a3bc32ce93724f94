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
  void apply(trial::EventBody body) { state_.apply({Seconds(0), std::move(body)}); }

  journal::StudyState state_;
};

TEST_F(ReservationTest, NothingIsKnownOfTheFirst) {
  decide(0, 10);
  EXPECT_EQ(reserved(state_, {0}), Joules(0));
  EXPECT_EQ(reserved(state_, {}), Joules(0));
}

TEST_F(ReservationTest, ATrialGoesOnAsItBegan) {
  decide(0, 10);
  evaluate(0, 2, 30);
  EXPECT_EQ(reserved(state_, {0}), Joules(120));
  evaluate(0, 10, 140);
  EXPECT_EQ(reserved(state_, {0}), Joules(0));
}

TEST_F(ReservationTest, ANewOneIsExpectedToTakeWhatOthersTook) {
  decide(0, 4);
  evaluate(0, 4, 40);
  decide(1, 4);
  evaluate(1, 4, 80);
  decide(2, 3);
  EXPECT_EQ(reserved(state_, {2}), Joules(45));
}

TEST_F(ReservationTest, AllThatRunAreAddedUp) {
  for (int id = 0; id < 3; ++id) {
    decide(id, 5);
    evaluate(id, 1, 10);
  }
  EXPECT_EQ(reserved(state_, {0, 1, 2}), Joules(120));
}

}  // namespace
}  // namespace sm2::study
