#include "strategy/range_testing.h"

#include <gtest/gtest.h>

namespace sm2::strategy {
namespace {

std::vector<Entry> entries(int count) {
  std::vector<space::Configuration> candidates;
  for (int k = 0; k < count; ++k) candidates.push_back({{"batch_size", std::int64_t{8} << k}});
  return fresh_entries(std::move(candidates));
}

trial::Schedule rise() {
  trial::Schedule rise{trial::Schedule::Kind::kRangeTest, 1e-3, 10, 0, 2};
  rise.log = true;
  return rise;
}

trial::Stretch ended(trial::Outcome outcome, std::optional<trial::RateBounds> stable) {
  trial::Stretch stretch;
  stretch.outcome = std::move(outcome);
  stretch.reached = 2;
  stretch.progress.stable_rates = stable;
  return stretch;
}

TEST(RangeTest, TestsEveryCandidateOnceAndStartsItAfreshWhereItWasStable) {
  RangeTest test(entries(3), rise(), 3, 1);
  std::set<trial::TrialId> asked;
  while (const auto train = test.next()) {
    EXPECT_EQ(train->schedule, rise());
    EXPECT_EQ(train->until, 2);
    EXPECT_NEAR(std::get<double>(train->configuration.at("learning_rate")), 0.1, 1e-12);
    asked.insert(train->trial);
  }
  EXPECT_EQ(asked, (std::set<trial::TrialId>{0, 1, 2}));
  for (const trial::TrialId trial : asked) {
    EXPECT_FALSE(test.over());
    test.tell(trial, ended(trial::Paused{}, trial::RateBounds{0.01, 1.0 + trial}));
  }
  ASSERT_TRUE(test.over());
  const RangeTest::Result result = test.result();
  ASSERT_EQ(result.entries.size(), 3u);
  for (std::size_t at = 0; at < 3; ++at) {
    const Entry& fresh = result.entries[at];
    EXPECT_EQ(fresh.trial, static_cast<int>(at) + 3);
    EXPECT_EQ(fresh.reached, 0);
    EXPECT_FALSE(fresh.last);
    EXPECT_EQ(result.bounds.at(fresh.trial), (trial::RateBounds{0.01, 1.0 + static_cast<double>(at)}));
  }
  EXPECT_EQ(result.drops.front().trial, 0);
  EXPECT_EQ(
      result.drops.front().reason,
      "range test: training was stable at learning rates of 0.01 to 1; trial 3 starts afresh between them");
}

TEST(RangeTest, ADivergedTestHasFoundItsBoundsAndAnyOtherFailureLeaves) {
  RangeTest test(entries(3), rise(), 3, 1);
  while (test.next()) continue;
  test.tell(0, ended(trial::Diverged{"the loss is not finite"}, trial::RateBounds{1e-4, 0.5}));
  test.tell(1, ended(trial::OutOfMemory{"too large"}, {}));
  test.tell(2, ended(trial::Diverged{"at once"}, {}));
  const RangeTest::Result result = test.result();
  ASSERT_EQ(result.entries.size(), 2u);
  EXPECT_EQ(result.bounds.at(3), (trial::RateBounds{1e-3, 0.5}));
  EXPECT_EQ(result.bounds.at(4), (trial::RateBounds{1e-3, 10}));
  ASSERT_EQ(result.drops.size(), 3u);
  EXPECT_EQ(result.drops[1].trial, 1);
  EXPECT_EQ(result.drops[1].reason.find("range test: "), 0u);
}

TEST(RangeTest, WhatWasRisenThroughAlreadyIsNotTestedAgain) {
  auto probed = entries(3);
  probed[0].reached = 2;
  probed[0].last = ended(trial::Paused{}, trial::RateBounds{0.01, 1});
  probed[1].reached = 0.5;
  probed[2].reached = 0.5;
  probed[2].last = ended(trial::Diverged{"too high"}, trial::RateBounds{1e-3, 0.3});
  RangeTest test(std::move(probed), rise(), 3, 1);
  EXPECT_EQ(test.next()->trial, 1);
  EXPECT_FALSE(test.next());
  test.tell(1, ended(trial::Paused{}, {}));
  EXPECT_EQ(test.result().bounds.at(3), (trial::RateBounds{0.01, 1}));
  EXPECT_EQ(test.result().bounds.at(5), (trial::RateBounds{1e-3, 0.3}));
}

}  // namespace
}  // namespace sm2::strategy
