#include <gtest/gtest.h>

#include "sampler/table.h"
#include "testing/known_functions.h"

namespace sm2::sampler {
namespace {

using testing::median_regret;

TEST(DifferentialEvolution, ReachesKnownOptima) {
  EXPECT_LT(median_regret(make_differential_evolution, testing::sphere(), 3500), 1e-8);
  EXPECT_LT(median_regret(make_differential_evolution, testing::branin(), 1500), 1e-8);
  EXPECT_LT(median_regret(make_differential_evolution, testing::hartmann(), 3000), 1e-3);
  EXPECT_LT(median_regret(make_differential_evolution, testing::mixed_sphere(), 3500), 1e-6);
  EXPECT_LT(median_regret(make_differential_evolution, testing::training(), 2500), 1e-4);
}

TEST(DifferentialEvolution, TenWorkersWhoseTellsComeInAnyOrder) {
  EXPECT_LT(median_regret(make_differential_evolution, testing::sphere(), 3500, 10), 1e-6);
}

// With members 0 .. 11 in the places and x from 0.2 to 0.4 told as good or failed, what later children are
// like.
double lowest_child(bool failed) {
  const auto space = *space::Space::make({testing::real("x", 0, 1)});
  const auto sampler = make_differential_evolution(space, 2);
  double lowest = 1;
  for (int id = 0; id < 600; ++id) {
    const double x = testing::number(sampler->suggest(id), "x");
    if (id >= 500) lowest = std::min(lowest, x);
    sampler->tell(id, {failed && x < 0.6 ? std::nullopt : std::optional(-x), 1});
  }
  return lowest;
}

TEST(DifferentialEvolution, FailedChildrenAreNotBuiltUpon) {
  EXPECT_LT(lowest_child(false), 0.01);
  EXPECT_GT(lowest_child(true), 0.5);
}

TEST(DifferentialEvolution, SurvivesWhenEverythingFails) {
  const auto function = testing::training();
  const auto sampler = make_differential_evolution(function.space, 1);
  for (int id = 0; id < 100; ++id) {
    EXPECT_TRUE(function.space.contains(sampler->suggest(id)));
    sampler->tell(id, {std::nullopt, 1});
  }
}

TEST(DifferentialEvolution, SameSeedSameSuggestions) {
  const auto function = testing::training();
  const auto a = make_differential_evolution(function.space, 7),
             b = make_differential_evolution(function.space, 7);
  for (int id = 0; id < 300; ++id) {
    const auto configuration = a->suggest(id);
    ASSERT_EQ(configuration, b->suggest(id));
    a->tell(id, {-function.loss(configuration), 1});
    b->tell(id, {-function.loss(configuration), 1});
  }
}

}  // namespace
}  // namespace sm2::sampler
