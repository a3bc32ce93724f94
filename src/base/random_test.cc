#include "base/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace sm2::base {
namespace {

TEST(Random, SameSeedSameNumbers) {
  Random a(7), b(7), other_stream(7, 1), other_seed(8);
  const auto first = a.bits();
  EXPECT_EQ(first, b.bits());
  EXPECT_NE(first, other_stream.bits());
  EXPECT_NE(first, other_seed.bits());
}

TEST(Random, IndexIsUniform) {
  Random random(1);
  std::array<int, 7> seen{};
  for (int draw = 0; draw < 70000; ++draw) ++seen[random.index(7)];
  for (int count : seen) EXPECT_NEAR(count, 10000, 400);
}

TEST(Random, NormalHasTheMomentsAndTailsOfTheStandardNormal) {
  Random random(2);
  constexpr int kDraws = 200000;
  double sum = 0, squares = 0, fourths = 0;
  int beyond_two = 0;
  for (int draw = 0; draw < kDraws; ++draw) {
    const double x = random.normal();
    sum += x;
    squares += x * x;
    fourths += x * x * x * x;
    beyond_two += std::abs(x) > 2;
  }
  EXPECT_NEAR(sum / kDraws, 0, 0.01);
  EXPECT_NEAR(squares / kDraws, 1, 0.015);
  EXPECT_NEAR(fourths / kDraws, 3, 0.12);
  EXPECT_NEAR(beyond_two / double{kDraws}, 0.0455, 0.002);
}

TEST(Random, ShuffleKeepsEveryItem) {
  Random random(3);
  std::array<int, 20> items{};
  std::iota(items.begin(), items.end(), 0);
  auto shuffled = items;
  random.shuffle(shuffled);
  EXPECT_NE(shuffled, items);
  std::sort(shuffled.begin(), shuffled.end());
  EXPECT_EQ(shuffled, items);
}

}  // namespace
}  // namespace sm2::base
