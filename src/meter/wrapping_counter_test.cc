#include "meter/wrapping_counter.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

#include "base/random.h"

namespace sm2::meter {
namespace {

using base::Seconds;

// Four bits, at most 2 a second, never late: may go unread for almost 7.5 s.
WrappingCounter four_bits() { return WrappingCounter({.highest = 15, .per_second = 2, .lag = Seconds(0)}); }

TEST(WrappingCounter, CountsFromItsFirstReading) {
  WrappingCounter counter = four_bits();
  EXPECT_EQ(counter.advance(9, Seconds(100)), 0u);
  EXPECT_EQ(counter.advance(11, Seconds(101)), 2u);
  EXPECT_EQ(counter.advance(11, Seconds(102)), 2u);
}

TEST(WrappingCounter, GrowsThroughAWrapAtItsOwnRange) {
  WrappingCounter counter({.highest = 9, .per_second = 2, .lag = Seconds(0)});
  EXPECT_EQ(counter.advance(8, Seconds(0)), 0u);
  EXPECT_EQ(counter.advance(0, Seconds(1)), 2u);  // 8 -> 9 -> 0
  EXPECT_EQ(counter.advance(8, Seconds(5)), 10u);
}

TEST(WrappingCounter, AResetIsUnknownFromThenOn) {
  WrappingCounter counter = four_bits();
  ASSERT_TRUE(counter.advance(8, Seconds(0)));
  const auto reset = counter.advance(0, Seconds(2));  // as a wrap it would be 8 in 2 s
  ASSERT_FALSE(reset);
  EXPECT_NE(reset.error().message.find("went from 8 to 0"), std::string::npos);
  EXPECT_EQ(counter.advance(1, Seconds(3)), reset) << "the lost part does not come back";
}

TEST(WrappingCounter, TwoPossibleTotalsAreUnknown) {
  WrappingCounter counter = four_bits();
  ASSERT_TRUE(counter.advance(0, Seconds(0)));
  const auto late = counter.advance(1, Seconds(8));  // 1 or 17
  ASSERT_FALSE(late);
  EXPECT_NE(late.error().message.find("more than once in the 8.00 s"), std::string::npos);
}

TEST(WrappingCounter, BridgesAReadingThatWasMissed) {
  WrappingCounter counter = four_bits();
  ASSERT_TRUE(counter.advance(14, Seconds(0)));
  EXPECT_EQ(counter.advance(2, Seconds(4)), 4u);
}

TEST(WrappingCounter, LagAllowsGrowthInNoTime) {
  WrappingCounter counter({.highest = 1000, .per_second = 10, .lag = Seconds(0.5)});
  ASSERT_TRUE(counter.advance(0, Seconds(1)));
  EXPECT_EQ(counter.advance(5, Seconds(1)), 5u);
  EXPECT_FALSE(counter.advance(11, Seconds(1)));
}

TEST(WrappingCounter, RefusesAValueAboveItsRange) {
  WrappingCounter first = four_bits();
  EXPECT_FALSE(first.advance(16, Seconds(0)));
  WrappingCounter later = four_bits();
  ASSERT_TRUE(later.advance(15, Seconds(0)));
  EXPECT_FALSE(later.advance(16, Seconds(1)));
}

TEST(WrappingCounter, AClockThatGoesBackAddsNoPlausibility) {
  WrappingCounter counter = four_bits();
  ASSERT_TRUE(counter.advance(0, Seconds(10)));
  EXPECT_EQ(counter.advance(0, Seconds(5)), 0u);
  EXPECT_FALSE(counter.advance(1, Seconds(4)));
}

TEST(WrappingCounter, UsesThe64BitRangeWithoutOverflow) {
  constexpr auto kHighest = std::numeric_limits<std::uint64_t>::max();
  WrappingCounter counter({.highest = kHighest, .per_second = 10, .lag = Seconds(0)});
  ASSERT_TRUE(counter.advance(kHighest - 1, Seconds(0)));
  EXPECT_EQ(counter.advance(1, Seconds(1)), 3u);
}

TEST(WrappingCounter, NeverGivesAWrongTotalForGrowthWithinItsBound) {
  base::Random random(7);
  for (int round = 0; round < 200; ++round) {
    WrappingCounter counter = four_bits();
    std::uint64_t truth = random.index(16);
    const std::uint64_t start = truth;
    double now = 0;
    ASSERT_TRUE(counter.advance(truth % 16, Seconds(now)));
    for (int step = 0; step < 50; ++step) {
      const auto seconds = static_cast<double>(1 + random.index(10));
      now += seconds;
      truth += random.index(static_cast<std::uint64_t>(2 * seconds) + 1);
      const auto total = counter.advance(truth % 16, Seconds(now));
      if (!total) {
        EXPECT_GE(seconds, 8) << "refused although only one total is possible";
        break;
      }
      EXPECT_EQ(*total, truth - start);
    }
  }
}

}  // namespace
}  // namespace sm2::meter
