#include "strategy/sample_cost.h"

#include <gtest/gtest.h>

namespace sm2::strategy {
namespace {

TEST(SampleCost, IsWhatAStretchShowed) {
  trial::Stretch stretch;
  EXPECT_FALSE(sample_cost(stretch, false));
  stretch.progress.joules_per_sample = 0.5;
  stretch.progress.seconds_per_sample = 0.1;
  EXPECT_EQ(sample_cost(stretch, false), 0.5);
  EXPECT_EQ(sample_cost(stretch, true), 0.1);
  stretch.progress.joules_per_sample = 0;
  EXPECT_FALSE(sample_cost(stretch, false)) << "no sample is free";
}

TEST(SampleCost, HasAPartPerStepAndOnePerSample) {
  const auto truth = [](double batch_size) { return 2 + 16 / batch_size; };
  const std::vector<SampleCost> known = {{16, truth(16)}, {64, truth(64)}, {256, 1000}};
  EXPECT_DOUBLE_EQ(sample_cost(known, 4), truth(4));
  EXPECT_DOUBLE_EQ(sample_cost(known, 128), truth(128)) << "the two smallest tell";
}

TEST(SampleCost, IsNeverBelowHalfOfTheSmallestKnown) {
  EXPECT_DOUBLE_EQ(sample_cost({{8, 10}, {16, 5}}, 1e9), 5);
  EXPECT_DOUBLE_EQ(sample_cost({{8, 3}, {16, 5}}, 2), 3) << "a step costs nothing less than nothing";
  EXPECT_EQ(sample_cost({{8, 3}}, 2), 3);
  EXPECT_EQ(sample_cost(std::vector<SampleCost>{}, 2), 1);
}

}  // namespace
}  // namespace sm2::strategy
