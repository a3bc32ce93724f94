#include <gtest/gtest.h>

#include "sampler/table.h"
#include "testing/known_functions.h"

namespace sm2::sampler {
namespace {

using testing::median_regret;

TEST(Cmaes, ReachesKnownOptimaInAsManyTrialsAsTheLiteratureSays) {
  EXPECT_LT(median_regret(make_cmaes, testing::sphere(), 1000), 1e-8);
  EXPECT_LT(median_regret(make_cmaes, testing::ellipsoid(), 2000), 1e-8);
  EXPECT_LT(median_regret(make_cmaes, testing::rosenbrock(), 2500), 1e-8);
  EXPECT_LT(median_regret(make_cmaes, testing::branin(), 500), 1e-8);
  EXPECT_LT(median_regret(make_cmaes, testing::hartmann(), 2000), 1e-8);
}

TEST(Cmaes, FindsAnOptimumAtTheBounds) {
  EXPECT_LT(median_regret(make_cmaes, testing::corner(), 1500), 1e-5);
}

TEST(Cmaes, WholeNumbersDoNotGetStuck) {
  EXPECT_LT(median_regret(make_cmaes, testing::mixed_sphere(), 1200), 1e-8);
}

TEST(Cmaes, LearnsChoicesAndWhatDependsOnThem) {
  EXPECT_LT(median_regret(make_cmaes, testing::training(), 1500), 1e-4);
}

TEST(Cmaes, TenWorkersWhoseTellsComeInAnyOrder) {
  EXPECT_LT(median_regret(make_cmaes, testing::sphere(), 1500, 10), 1e-8);
  EXPECT_LT(median_regret(make_cmaes, testing::rosenbrock(), 4000, 10), 1e-6);
}

TEST(Cmaes, AGenerationGrowsWithTheWorkers) {  // 1,000 at once: no more than two generations of evidence
  EXPECT_LT(median_regret(make_cmaes, testing::sphere(), 4000, 1000),
            0.3 * median_regret(make_random, testing::sphere(), 4000));
}

TEST(Cmaes, FailedTrialsKeepItOutOfTheirRegion) {
  const auto function = testing::sphere();
  const auto sampler = make_cmaes(function.space, 1);
  int failed_late = 0;
  double best = 1e9;
  for (int id = 0; id < 1500; ++id) {
    const auto configuration = sampler->suggest(id);
    const bool failed = testing::number(configuration, "x0") > 0.5;
    const double loss = function.loss(configuration);
    sampler->tell(id, {failed ? std::nullopt : std::optional(-loss), 1});
    if (!failed) best = std::min(best, loss);
    if (id >= 300 && id < 500) failed_late += failed;
  }
  EXPECT_NEAR(best, 0.25, 1e-3);
  EXPECT_LT(failed_late, 150);
}

TEST(Cmaes, SurvivesWhenEverythingFails) {
  const auto sampler = make_cmaes(testing::sphere().space, 1);
  for (int id = 0; id < 100; ++id) {
    EXPECT_TRUE(testing::sphere().space.contains(sampler->suggest(id)));
    sampler->tell(id, {std::nullopt, 1});
  }
}

TEST(Cmaes, StartsAgainElsewhereWhenItHasConverged) {
  const auto function = testing::sphere();
  const auto sampler = make_cmaes(function.space, 1);
  bool near = false, far_again = false;
  for (int id = 0; id < 6000; ++id) {
    const double loss = function.loss(sampler->suggest(id));
    near = near || loss < 1e-12;
    far_again = far_again || (near && loss > 1);
    sampler->tell(id, {-loss, 1});
  }
  EXPECT_TRUE(near);
  EXPECT_TRUE(far_again);
}

TEST(Cmaes, ALaterTellReplacesTheEarlierOne) {  // within its generation, of 8 for five parameters
  const auto function = testing::sphere();
  const auto retold = make_cmaes(function.space, 1), told_once = make_cmaes(function.space, 1);
  bool same = true;
  for (int first = 0; first < 320; first += 8) {
    for (int id = first; id < first + 8; ++id) same = same && retold->suggest(id) == told_once->suggest(id);
    for (int id = first; id < first + 3; ++id) retold->tell(id, {123.0, 0.5});
    for (int id = first; id < first + 8; ++id) {
      retold->tell(id, {-1.0 * id, 1});
      told_once->tell(id, {-1.0 * id, 1});
    }
  }
  EXPECT_TRUE(same);
}

TEST(Cmaes, SameSeedSameSuggestions) {
  const auto function = testing::training();
  const auto a = make_cmaes(function.space, 7), b = make_cmaes(function.space, 7);
  const auto other = make_cmaes(function.space, 8);
  bool different = false;
  for (int id = 0; id < 300; ++id) {
    const auto configuration = a->suggest(id);
    ASSERT_EQ(configuration, b->suggest(id));
    different = different || configuration != other->suggest(id);
    for (Sampler* sampler : {a.get(), b.get(), other.get()})
      sampler->tell(id, {-function.loss(configuration), 1});
  }
  EXPECT_TRUE(different);
}

}  // namespace
}  // namespace sm2::sampler
