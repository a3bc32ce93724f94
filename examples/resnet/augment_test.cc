#include "augment.h"

#include <gtest/gtest.h>
#include <torch/utils.h>

namespace resnet {
namespace {

TEST(Augment, MovesEachImageByAtMostFourPixelsAndMirrorsHalf) {
  torch::manual_seed(1);
  auto images = torch::zeros({400, 2, 16, 16});
  images.slice(2, 8, 9).slice(3, 6, 7).fill_(1);  // one dot, left of the middle
  const auto dots = augmented(images).sum(1).nonzero();
  ASSERT_EQ(dots.size(0), 400);
  const auto row = dots.select(1, 1) - 8, column = dots.select(1, 2);
  EXPECT_EQ(row.min().item<int>(), -4);
  EXPECT_EQ(row.max().item<int>(), 4);
  EXPECT_EQ(column.min().item<int>(), 6 - 4);
  EXPECT_EQ(column.max().item<int>(), 9 + 4);  // 9 is the mirror image of 6
}

TEST(Augment, FollowsFromTheSeed) {
  const auto images = torch::rand({8, 3, 32, 32});
  torch::manual_seed(5);
  const auto first = augmented(images), second = augmented(images);
  torch::manual_seed(5);
  EXPECT_TRUE(torch::equal(augmented(images), first));
  EXPECT_FALSE(torch::equal(first, second));
  EXPECT_EQ(first.sizes(), images.sizes());
}

}  // namespace
}  // namespace resnet
