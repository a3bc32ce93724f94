#include "sampler/adapting_normal.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace sm2::sampler {
namespace {

using Eigen::VectorXd;

std::vector<space::Domain> reals(std::size_t count) {
  return std::vector<space::Domain>(count, space::Real{0, 1, {}, space::Scale::kLinear});
}

// As the Python package `cmaes` 0.9.1 has them, except c_mu, which has the 1/4 of the tutorial's later
// versions here and so bounds the negative weights differently.
TEST(Recombination, HasTheDefaultsOfTheTutorial) {
  const Recombination ten(10, 10, 10);
  EXPECT_NEAR(ten.mu_effective, 3.1672992814107026, 1e-12);
  EXPECT_NEAR(ten.c_sigma, 0.2844285879463675, 1e-12);
  EXPECT_NEAR(ten.d_sigma, 1.2844285879463675, 1e-12);
  EXPECT_NEAR(ten.c_c, 0.29499038303562225, 1e-12);
  EXPECT_NEAR(ten.c_one, 0.015283824524751714, 1e-12);
  EXPECT_NEAR(ten.c_mu, 0.02015428276120838 + 0.5 / (144 + 3.1672992814107026), 1e-12);
  const double weights[] = {0.456273,  0.270753,  0.162231,  0.085234,  0.02551,
                            -0.085321, -0.236477, -0.367414, -0.482908, -0.586222};
  for (std::size_t rank = 0; rank < 5; ++rank) EXPECT_NEAR(ten.weights[rank], weights[rank], 1e-6);
  for (std::size_t rank = 5; rank < 10; ++rank)
    EXPECT_NEAR(ten.weights[rank] / ten.weights[9], weights[rank] / weights[9], 1e-5);

  const Recombination many(25, 25, 3);  // a step size that is damped more
  EXPECT_NEAR(many.d_sigma, 2.1142119866747766, 1e-7);
}

TEST(Recombination, MembersWithoutAValueAreNeverParents) {
  const Recombination recombination(8, 2, 4);
  EXPECT_GT(recombination.weights[1], 0);
  for (std::size_t rank = 2; rank < 8; ++rank) EXPECT_LE(recombination.weights[rank], 0);
  EXPECT_NEAR(recombination.weights[0] + recombination.weights[1], 1, 1e-12);
}

TEST(AdaptingNormal, DrawsAroundItsMeanWithItsWidth) {
  const AdaptingNormal normal(reals(2), VectorXd{{0.3, 0.6}}, 0.1);
  base::Random random(1);
  VectorXd sum = VectorXd::Zero(2), squares = VectorXd::Zero(2);
  constexpr int kDraws = 10000;
  for (int draw = 0; draw < kDraws; ++draw) {
    const VectorXd x = normal.draw(random);
    sum += x;
    squares += (x - VectorXd{{0.3, 0.6}}).cwiseAbs2();
  }
  EXPECT_NEAR(sum[0] / kDraws, 0.3, 0.005);
  EXPECT_NEAR(sum[1] / kDraws, 0.6, 0.005);
  EXPECT_NEAR(squares[0] / kDraws, 0.01, 0.0005);
}

// On a quadratic with axes of length 1 and 1/100 the draws come to have that shape: C approaches the inverse
// Hessian.
TEST(AdaptingNormal, LearnsTheShapeOfTheFunction) {
  AdaptingNormal normal(reals(2), VectorXd{{0.3, 0.6}}, 0.1);
  base::Random random(1);
  const auto loss = [](const VectorXd& x) {
    const VectorXd from = x - VectorXd{{0.5, 0.5}};
    return from[0] * from[0] + 1e4 * from[1] * from[1];
  };
  for (int generation = 0; generation < 60; ++generation) {
    std::vector<VectorXd> drawn;
    for (int member = 0; member < 8; ++member) drawn.push_back(normal.draw(random));
    std::ranges::sort(drawn, {}, loss);
    normal.update(drawn, drawn.size());
  }
  double along = 0, across = 0;
  const VectorXd first = normal.draw(random);
  for (int draw = 0; draw < 1000; ++draw) {
    const VectorXd x = normal.draw(random) - first;
    along += x[0] * x[0];
    across += x[1] * x[1];
  }
  EXPECT_GT(std::sqrt(along / across), 30);
  EXPECT_LT(std::sqrt(along / across), 300);
}

TEST(AdaptingNormal, OneMemberFromFarAwayDoesNotThrowItOff) {
  AdaptingNormal normal(reals(2), VectorXd{{0.5, 0.5}}, 1e-3);
  base::Random random(1);
  std::vector<VectorXd> ranked = {VectorXd{{1, 1}}};
  while (ranked.size() < 6) ranked.push_back(normal.draw(random));
  normal.update(ranked, ranked.size());
  EXPECT_LT((normal.draw(random) - VectorXd{{0.5, 0.5}}).norm(), 0.02);
}

TEST(AdaptingNormal, HasCollapsedWhenItIsAPoint) {
  EXPECT_FALSE(AdaptingNormal(reals(2), VectorXd{{0.5, 0.5}}, 1e-11).collapsed());
  EXPECT_TRUE(AdaptingNormal(reals(2), VectorXd{{0.5, 0.5}}, 1e-13).collapsed());
}

}  // namespace
}  // namespace sm2::sampler
