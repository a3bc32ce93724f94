#include "report/checkpoints.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sm2::report {
namespace {

using Announced = Checkpoints::Announced;

TEST(CheckpointsTest, AreThoseOfTheTrialTheLastOneLast) {
  Checkpoints checkpoints;
  checkpoints.tell({{}, trial::Checkpointed{0, "a", 1}});
  checkpoints.tell({{}, trial::Checkpointed{1, "other", 1}});
  checkpoints.tell({{}, trial::Metered{0, {}, {}}});
  checkpoints.tell({{}, trial::Checkpointed{0, "b", 2}});
  EXPECT_EQ(checkpoints.of(0).all, 2u);
  EXPECT_THAT(checkpoints.of(0).latest, ::testing::ElementsAre(Announced{"a", 1}, Announced{"b", 2}));
}

TEST(CheckpointsTest, OfATrialThatAnnouncedNoneThereIsNone) {
  EXPECT_EQ(Checkpoints().of(7).all, 0u);
  EXPECT_TRUE(Checkpoints().of(7).latest.empty());
}

TEST(CheckpointsTest, OfVeryManyTheLatestAreKeptAndAllAreCounted) {
  Checkpoints checkpoints;
  for (int at = 1; at <= 5000; ++at)
    checkpoints.tell({{}, trial::Checkpointed{0, "step-" + std::to_string(at), double(at)}});
  EXPECT_EQ(checkpoints.of(0).all, 5000u);
  ASSERT_EQ(checkpoints.of(0).latest.size(), kMostCheckpoints);
  EXPECT_EQ(checkpoints.of(0).latest.front().name, "step-4981");
  EXPECT_EQ(checkpoints.of(0).latest.back().name, "step-5000");
}

}  // namespace
}  // namespace sm2::report
