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

TEST_F(HardwareTest, EachKindKnowsItsTrials) {
  open("EPYC");
  for (const trial::TrialId trial : {0, 1, 4, 5, 6}) launch(trial);
  launch(2, "Xeon");
  launch(5, "Xeon");
  const auto kinds = ran_on(state_);
  ASSERT_EQ(kinds.size(), 2u);
  EXPECT_EQ(kinds[0].kind, "EPYC");
  EXPECT_EQ(kinds[0].trials, 5u);
  EXPECT_THAT(kinds[0].ranges, ::testing::ElementsAre(std::pair(0, 1), std::pair(4, 6)));
  EXPECT_EQ(kinds[1].kind, "Xeon");
  EXPECT_THAT(kinds[1].ranges, ::testing::ElementsAre(std::pair(2, 2), std::pair(5, 5)));
}

TEST_F(HardwareTest, StudiesOfEarlierVersionsDoNotKnow) {
  open("");
  launch(0);
  EXPECT_EQ(holds_for(0), "");
  EXPECT_TRUE(ran_on(state_).empty());
  EXPECT_TRUE(hardware(state_, state_.trials.at(0)).empty());
}

}  // namespace
}  // namespace sm2::report
