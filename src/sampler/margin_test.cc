#include "sampler/margin.h"

#include <gtest/gtest.h>

#include <cmath>

#include "space/unit.h"

namespace sm2::sampler {
namespace {

using space::Categorical;
using space::Integer;
using space::Real;
using space::Scale;

constexpr double kAlpha = 0.02;

// The chance that a draw gives a value other than the mean's.
double chance_of_leaving(const space::Domain& domain, Marginal marginal, double deviation) {
  const auto share_below = [](double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); };
  const space::Value value = space::from_unit(domain, marginal.mean);
  double staying = 0;
  constexpr int kCells = 20000;
  for (int cell = -kCells; cell < 2 * kCells; ++cell) {
    const double low = cell / double{kCells}, high = (cell + 1) / double{kCells};
    if (space::from_unit(domain, (low + high) / 2) != value) continue;
    const double width = deviation * marginal.scale;
    staying += share_below((high - marginal.mean) / width) - share_below((low - marginal.mean) / width);
  }
  return 1 - staying;
}

TEST(Margin, ANarrowDistributionKeepsItsChanceOfLeavingTheCell) {
  const std::pair<space::Domain, double> cases[] = {
      {Integer{0, 9, 1, Scale::kLinear}, 0.52},
      {Integer{1, 512, 1, Scale::kLog}, 0.3},
      {Real{0, 1, 0.125, Scale::kLinear}, 0.5},
      {Categorical{{0.1, 0.2, 0.4}}, 0.45},
  };
  for (const auto& [domain, mean] : cases) {
    for (const double deviation : {1e-9, 1e-4, 1e-2}) {
      const Marginal kept = with_margin(domain, {mean, 1}, deviation, kAlpha);
      EXPECT_GE(chance_of_leaving(domain, kept, deviation), kAlpha - 1e-3);
      EXPECT_EQ(space::from_unit(domain, kept.mean), space::from_unit(domain, mean));
    }
  }
}

TEST(Margin, InAnOuterCellTheMeanStaysNearTheEdge) {
  const space::Domain coin = Integer{0, 1, 1, Scale::kLinear};
  for (const double mean : {0.01, 0.99}) {
    const Marginal kept = with_margin(coin, {mean, 1}, 0.05, kAlpha);
    EXPECT_NEAR(chance_of_leaving(coin, kept, 0.05), kAlpha, 2e-3);
    EXPECT_EQ(kept.scale, 1);
  }
}

TEST(Margin, BringsAMeanBackThatHasLeftTheCube) {
  const Marginal kept = with_margin(Integer{0, 1, 1, Scale::kLinear}, {-3, 1}, 0.05, kAlpha);
  EXPECT_NEAR(kept.mean, 0.5 - 0.05 * normal_quantile(1 - kAlpha), 1e-12);
}

TEST(Margin, AWideDistributionIsLeftAsItIs) {
  const Marginal kept = with_margin(Integer{0, 9, 1, Scale::kLinear}, {0.52, 1}, 0.2, kAlpha);
  EXPECT_EQ(kept.mean, 0.52);
  EXPECT_EQ(kept.scale, 1);
}

TEST(Margin, ContinuousDomainsAndSingleValuesAreLeftAsTheyAre) {
  for (const space::Domain& domain :
       {space::Domain{Real{0, 1, {}, Scale::kLinear}}, space::Domain{Categorical{{7.5}}}}) {
    const Marginal kept = with_margin(domain, {0.52, 1}, 1e-9, kAlpha);
    EXPECT_EQ(kept.mean, 0.52);
    EXPECT_EQ(kept.scale, 1);
  }
}

TEST(Margin, QuantilesOfTheNormal) {
  EXPECT_NEAR(normal_quantile(0.5), 0, 1e-12);
  EXPECT_NEAR(normal_quantile(0.975), 1.959963984540054, 1e-12);
  EXPECT_NEAR(normal_quantile(1e-6), -4.753424308822899, 1e-9);
}

}  // namespace
}  // namespace sm2::sampler
