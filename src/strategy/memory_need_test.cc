#include "strategy/memory_need.h"

#include <gtest/gtest.h>

namespace sm2::strategy {
namespace {

using space::Configuration;

constexpr std::int64_t operator""_i(unsigned long long value) { return static_cast<std::int64_t>(value); }

TEST(MemoryNeed, ABatchSizeAsLargeOrLargerNeedsNoLess) {
  const Configuration failed{{"batch_size", 128_i}};
  EXPECT_TRUE(needs_no_less_memory({{"batch_size", 128_i}}, failed));
  EXPECT_TRUE(needs_no_less_memory({{"batch_size", 512_i}}, failed));
  EXPECT_FALSE(needs_no_less_memory({{"batch_size", 64_i}}, failed));
}

TEST(MemoryNeed, SaysNothingWithoutABatchSize) {
  EXPECT_FALSE(needs_no_less_memory({{"learning_rate", 0.1}}, {{"learning_rate", 0.1}}));
  EXPECT_FALSE(needs_no_less_memory({{"batch_size", 8_i}}, {}));
  EXPECT_FALSE(needs_no_less_memory({{"batch_size", "large"}}, {{"batch_size", 8_i}}));
}

TEST(MemoryNeed, MereNumbersOfTheTrainingMayDiffer) {
  const Configuration failed{{"batch_size", 8_i}, {"learning_rate", 0.1}, {"momentum", 0.9}, {"seed", 1_i}};
  EXPECT_TRUE(needs_no_less_memory(
      {{"batch_size", 8_i}, {"learning_rate", 0.2}, {"momentum", 0.5}, {"seed", 2_i}}, failed));
  EXPECT_TRUE(needs_no_less_memory({{"batch_size", 8_i}, {"momentum", 0.9}}, failed)) << "absent";
}

TEST(MemoryNeed, AMomentumOfZeroHasNoBuffer) {
  const Configuration with{{"batch_size", 8_i}, {"momentum", 0.9}},
      without{{"batch_size", 8_i}, {"momentum", 0.0}};
  EXPECT_FALSE(needs_no_less_memory(without, with));
}

TEST(MemoryNeed, AnyOtherSettingMustBeTheSame) {
  const Configuration failed{{"batch_size", 8_i}, {"width", 64_i}, {"optimizer", "adam"}};
  EXPECT_TRUE(needs_no_less_memory({{"batch_size", 16_i}, {"width", 64_i}, {"optimizer", "adam"}}, failed));
  EXPECT_FALSE(needs_no_less_memory({{"batch_size", 16_i}, {"width", 32_i}, {"optimizer", "adam"}}, failed));
  EXPECT_FALSE(needs_no_less_memory({{"batch_size", 16_i}, {"width", 64_i}, {"optimizer", "sgd"}}, failed));
  EXPECT_FALSE(needs_no_less_memory({{"batch_size", 16_i}, {"width", 64_i}}, failed));
}

}  // namespace
}  // namespace sm2::strategy
