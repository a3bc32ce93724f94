#include "noise.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace trainer {
namespace {

// What the gradient's norms are in the mean: |G|^2 + S / samples.
GradientNorms expected(double signal, double variance, double small, double whole) {
  return {small, signal + variance / small, whole, signal + variance / whole};
}

TEST(NoiseScale, IsTheRatioOfVarianceToSignal) {
  NoiseScale noise;
  noise.add(expected(2.0, 600.0, 32, 64));
  ASSERT_TRUE(noise.samples());
  EXPECT_NEAR(*noise.samples(), 300.0, 1e-9);
}

TEST(NoiseScale, AveragesBothBeforeTheRatio) {
  NoiseScale noise;
  noise.add(expected(1.0, 100.0, 32, 64));
  noise.add(expected(3.0, 100.0, 32, 64));
  EXPECT_NEAR(*noise.samples(), (0.09 * 100 + 0.1 * 100) / (0.09 * 1 + 0.1 * 3), 1e-9);
}

TEST(NoiseScale, IsUnknownWhereAnAverageIsNotPositive) {
  NoiseScale noise;
  EXPECT_FALSE(noise.samples());
  noise.add(expected(-1.0, 100.0, 32, 64));
  EXPECT_FALSE(noise.samples());
  NoiseScale other;
  other.add(expected(1.0, -100.0, 32, 64));
  EXPECT_FALSE(other.samples());
}

TEST(NoiseScale, LeavesOutNormsThatAreNotFinite) {
  NoiseScale noise;
  noise.add(expected(2.0, 600.0, 32, 64));
  noise.add({32, std::numeric_limits<double>::infinity(), 64, 1});
  EXPECT_NEAR(*noise.samples(), 300.0, 1e-9);
}

}  // namespace
}  // namespace trainer
