#include "sampler/reinforce.h"

#include <gtest/gtest.h>

#include <cmath>

#include "sampler/table.h"
#include "testing/known_functions.h"

namespace sm2::sampler {
namespace {

using space::Categorical;
using space::Real;
using space::Scale;
using space::Value;

const space::Domain kWords = Categorical{{std::string("a"), std::string("b"), std::string("c")}};
const space::Domain kUnit = Real{0, 1, {}, Scale::kLinear};

TEST(Policy, StepsTowardsWhatWasBetterAndAwayFromWhatWasWorse) {
  for (const double advantage : {1.0, -1.0}) {
    Policy choice(kWords), coordinate(kUnit);
    const double before = choice.log_probability(1), near = coordinate.log_probability(0.9);
    choice.step(1, advantage, 0.1);
    coordinate.step(0.9, advantage, 0.1);
    EXPECT_GT(advantage * (choice.log_probability(1) - before), 0);
    EXPECT_GT(advantage * (coordinate.log_probability(0.9) - near), 0);
  }
}

// For a softmax the gradient of ln p is [k chosen] - p: a small step makes the gain rate * |gradient|^2.
TEST(Policy, AStepIsTheGradientOfTheLogProbability) {
  Policy policy(kWords);
  policy.step(0, 3, 0.2);
  const auto p = policy.shares();
  const double before = policy.log_probability(1);
  constexpr double kSmall = 1e-6;
  policy.step(1, 1e4, kSmall / 1e4);  // the entropy's part is negligible
  const double expected = kSmall * (p[0] * p[0] + (1 - p[1]) * (1 - p[1]) + p[2] * p[2]);
  EXPECT_NEAR(policy.log_probability(1) - before, expected, 1e-3 * expected);
}

TEST(Policy, LogProbabilitiesAreThoseOfItsDraws) {
  Policy policy(kWords);
  policy.step(2, 5, 0.3);
  base::Random random(1);
  std::vector<double> seen(3);
  for (int draw = 0; draw < 20000; ++draw) seen[static_cast<std::size_t>(policy.draw(random))] += 1.0 / 20000;
  for (std::size_t k = 0; k < 3; ++k)
    EXPECT_NEAR(std::exp(policy.log_probability(static_cast<double>(k))), seen[k], 0.015);
}

TEST(Policy, TheEntropyTermEvensOutSharesWhenNothingIsBetter) {
  Policy policy(kWords);
  policy.step(0, 20, 0.1);
  const double before = policy.shares()[0];
  for (int step = 0; step < 2000; ++step) policy.step(step % 3, 0, 0.5);
  EXPECT_GT(before, 0.6);
  EXPECT_LT(policy.shares()[0], 0.4);
}

// The share of `b` among a hundred suggestions from `from` on; `b` is worth 1, others 0, all with some noise.
double share_of_best(Sampler& sampler, int from) {
  base::Random noise(static_cast<std::uint64_t>(from));
  double share = 0;
  for (int id = from; id < from + 100; ++id) {
    const bool best = sampler.suggest(id).at("x") == Value(std::string("b"));
    share += best / 100.0;
    sampler.tell(id, {(best ? 1 : 0) + 0.3 * noise.normal(), 1});
  }
  return share;
}

TEST(Reinforce, LearnsABandit) {
  const auto space = *space::Space::make({{"x", kWords, {}}});
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const auto sampler = make_reinforce(space, seed);
    const double first = share_of_best(*sampler, 0);
    share_of_best(*sampler, 100);
    const double third = share_of_best(*sampler, 200);
    EXPECT_LT(first, third) << seed;
    EXPECT_GT(third, 0.85) << seed;
  }
}

TEST(Reinforce, ComesNearKnownOptima) {
  EXPECT_LT(testing::median_regret(make_reinforce, testing::sphere(), 1000), 0.01);
  EXPECT_LT(testing::median_regret(make_reinforce, testing::mixed_sphere(), 1000), 0.01);
  EXPECT_LT(testing::median_regret(make_reinforce, testing::branin(), 500), 0.01);
}

TEST(Reinforce, TenWorkersWhoseTellsComeInAnyOrder) {
  EXPECT_LT(testing::median_regret(make_reinforce, testing::sphere(), 1500, 10), 0.01);
}

TEST(Reinforce, FailuresAreAvoided) {
  const auto space = *space::Space::make({{"x", kWords, {}}});
  const auto sampler = make_reinforce(space, 1);
  int failed_late = 0;
  for (int id = 0; id < 400; ++id) {
    const bool fails = sampler->suggest(id).at("x") == Value(std::string("a"));
    if (id >= 300) failed_late += fails;
    sampler->tell(id, {fails ? std::nullopt : std::optional(0.0), 1});
  }
  EXPECT_LT(failed_late, 10);
}

TEST(Reinforce, ValuesFarFromZeroAndOfAnyScaleAreLearntAlike) {
  const auto function = testing::sphere();
  const auto plain = make_reinforce(function.space, 1), scaled = make_reinforce(function.space, 1);
  for (int id = 0; id < 200; ++id) {
    const auto configuration = plain->suggest(id);
    const auto same = scaled->suggest(id);
    for (const auto& [name, value] : configuration)
      ASSERT_NEAR(testing::number(same, name), std::get<double>(value), 1e-6) << id;
    plain->tell(id, {-function.loss(configuration), 1});
    scaled->tell(id, {-1024 * function.loss(configuration) + 4096, 1});
  }
}

TEST(Reinforce, SameSeedSameSuggestions) {
  const auto function = testing::training();
  const auto a = make_reinforce(function.space, 7), b = make_reinforce(function.space, 7);
  for (int id = 0; id < 300; ++id) {
    const auto configuration = a->suggest(id);
    ASSERT_EQ(configuration, b->suggest(id));
    a->tell(id, {-function.loss(configuration), 1});
    b->tell(id, {-function.loss(configuration), 1});
  }
}

}  // namespace
}  // namespace sm2::sampler
