#include "study/too_large.h"

#include <gtest/gtest.h>

namespace sm2::study {
namespace {

space::Configuration with_batch(std::int64_t size, double rate) {
  return {{"batch_size", size}, {"learning_rate", rate}};
}

TEST(TooLarge, KnowsNothingAtFirst) { EXPECT_FALSE(TooLarge().outcome_of(with_batch(1 << 20, 0.1))); }

TEST(TooLarge, WhatNeedsNoLessIsNotStarted) {
  TooLarge too_large;
  too_large.add(3, with_batch(256, 0.1));
  EXPECT_EQ(too_large.outcome_of(with_batch(512, 0.01)),
            trial::Outcome(trial::OutOfMemory{"not started: batch size 256 did not fit already (trial 3)"}));
  EXPECT_FALSE(too_large.outcome_of(with_batch(128, 0.1)));
}

TEST(TooLarge, TheSmallestThatDidNotFitCounts) {
  TooLarge too_large;
  too_large.add(3, with_batch(256, 0.1));
  too_large.add(4, with_batch(64, 0.1));
  EXPECT_EQ(too_large.outcome_of(with_batch(256, 0.1)),
            trial::Outcome(trial::OutOfMemory{"not started: batch size 64 did not fit already (trial 4)"}));
  EXPECT_FALSE(too_large.outcome_of(with_batch(32, 0.1)));
}

TEST(TooLarge, WithoutABatchSizeNothingIsConcluded) {
  TooLarge too_large;
  too_large.add(0, {{"width", std::int64_t{64}}});
  EXPECT_FALSE(too_large.outcome_of({{"width", std::int64_t{64}}}));
}

}  // namespace
}  // namespace sm2::study
