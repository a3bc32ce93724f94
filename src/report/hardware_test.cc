#include "report/hardware.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sm2::report {
namespace {

class HardwareTest : public ::testing::Test {
 protected:
  void open(const std::string& machine) {
    state_.apply({{}, trial::Opened{"1", "host", 1, {}, {}, {}, {}, machine}});
  }
  void launch(trial::TrialId trial, const std::string& hardware = "") {
    state_.apply({{}, trial::Decided{trial::Train{trial, {}, 0, 1, {}, {}}}});
    state_.apply({{}, trial::Launched{trial, {}, {}, hardware}});
  }
  std::string holds_for(trial::TrialId trial) { return report::holds_for(state_, state_.trials.at(trial)); }

  journal::StudyState state_;
};

TEST_F(HardwareTest, IsThatOfTheTunersMachineUnlessItRanElsewhere) {
  open("EPYC");
  launch(0);
  launch(1, "Xeon");
  EXPECT_THAT(hardware(state_, state_.trials.at(0)), ::testing::ElementsAre("EPYC"));
  EXPECT_THAT(hardware(state_, state_.trials.at(1)), ::testing::ElementsAre("Xeon"));
}

TEST_F(HardwareTest, OneKindIsNamedAlone) {
  open("EPYC");
  launch(0);
  EXPECT_EQ(holds_for(0), "EPYC");
  EXPECT_FALSE(compared_on(state_));
}

TEST_F(HardwareTest, ATrialThatMovedHasBothTheLastOneLast) {
  open("EPYC");
  launch(0);
  launch(0, "Xeon");
  launch(0);
  EXPECT_EQ(holds_for(0),
            "Xeon, then EPYC (trials ran on 2 kinds of hardware; their energy was compared as on EPYC)");
  EXPECT_EQ(compared_on(state_), "EPYC");
}

TEST_F(HardwareTest, StudiesOfEarlierVersionsDoNotKnow) {
  open("");
  launch(0);
  EXPECT_EQ(holds_for(0), "");
  EXPECT_TRUE(hardware(state_, state_.trials.at(0)).empty());
}

}  // namespace
}  // namespace sm2::report
