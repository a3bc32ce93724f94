#include "runner/allowance.h"

#include <gtest/gtest.h>

namespace sm2::runner {
namespace {

using base::Seconds;

TEST(Allowance, LetsSoMuchThroughAtOnceAndThenByTime) {
  Allowance allowance(3, 10);
  for (int taken = 0; taken < 3; ++taken) EXPECT_TRUE(allowance.take(Seconds(5)));
  EXPECT_FALSE(allowance.take(Seconds(5)));
  EXPECT_FALSE(allowance.take(Seconds(5.05)));
  EXPECT_TRUE(allowance.take(Seconds(5.125)));
  EXPECT_FALSE(allowance.take(Seconds(5.125)));
}

TEST(Allowance, WaitingLongGathersNoMoreThanSoMuch) {
  Allowance allowance(3, 10);
  EXPECT_TRUE(allowance.take(Seconds(1)));
  for (int taken = 0; taken < 3; ++taken) EXPECT_TRUE(allowance.take(Seconds(1e6)));
  EXPECT_FALSE(allowance.take(Seconds(1e6)));
}

TEST(Allowance, WhatIsOverdrawnTakesTime) {
  Allowance allowance(4, 8);
  allowance.charge(4);
  EXPECT_FALSE(allowance.overdrawn_until(Seconds(1)));
  allowance.charge(16);
  EXPECT_EQ(allowance.overdrawn_until(Seconds(1)), Seconds(3));
  EXPECT_FALSE(allowance.take(Seconds(2)));
  EXPECT_EQ(allowance.overdrawn_until(), Seconds(3));
  EXPECT_FALSE(allowance.overdrawn_until(Seconds(3)));
}

}  // namespace
}  // namespace sm2::runner
