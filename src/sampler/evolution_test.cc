#include <gtest/gtest.h>

#include <algorithm>

#include "sampler/table.h"
#include "testing/known_functions.h"

namespace sm2::sampler {
namespace {

using testing::median_regret;

TEST(Evolution, ComesNearKnownOptima) {
  EXPECT_LT(median_regret(make_evolution, testing::branin(), 500), 0.005);
  EXPECT_LT(median_regret(make_evolution, testing::hartmann(), 1000), 0.05);
  EXPECT_LT(median_regret(make_evolution, testing::mixed_sphere(), 500), 0.1);
  EXPECT_LT(median_regret(make_evolution, testing::training(), 500), 0.6);  // the best of one optimizer
}

TEST(Evolution, TenWorkersWhoseTellsComeInAnyOrder) {
  EXPECT_LT(median_regret(make_evolution, testing::hartmann(), 1000, 10), 0.1);
}

// Suggestions of the first 20, then of `after` more; the last of the first 20 was worth 1, all others 0.
std::vector<space::Configuration> suggestions(const space::Space& space, int after) {
  const auto sampler = make_evolution(space, 3);
  std::vector<space::Configuration> all;
  for (int id = 0; id < 20 + after; ++id) {
    all.push_back(sampler->suggest(id));
    sampler->tell(id, {id == 19 ? 1.0 : 0.0, 1});
  }
  return all;
}

// So many parameters that members which differ in few of them are kin, and hardly two mutations hit the same.
space::Space wide() { return testing::of_reals(1000, 0, 1, {}).space; }

std::size_t differences(const space::Configuration& a, const space::Configuration& b) {
  std::size_t count = 0;
  for (const auto& [name, value] : a) count += !b.contains(name) || b.at(name) != value;
  return count;
}

TEST(Evolution, AChildDiffersFromAMemberInOneParameter) {
  const auto all = suggestions(testing::hartmann().space, 30);
  for (std::size_t child = 20; child < all.size(); ++child) {
    const auto parent =
        std::find_if(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(child),
                     [&](const auto& member) { return differences(member, all[child]) == 1; });
    EXPECT_NE(parent, all.begin() + static_cast<std::ptrdiff_t>(child)) << child;
  }
}

TEST(Evolution, TheOldestDiesHoweverGoodItIs) {
  const auto all = suggestions(wide(), 60);
  int early = 0, late = 0;
  for (std::size_t child = 20; child < all.size(); ++child)
    (child < 40 ? early : late) += differences(all[19], all[child]) == 1;
  EXPECT_GE(early, 2);
  EXPECT_EQ(late, 0);
}

TEST(Evolution, AFailedMemberIsNoParentBesideAnyOther) {
  const auto sampler = make_evolution(wide(), 1);
  std::vector<space::Configuration> failed;
  for (int id = 0; id < 100; ++id) {
    const auto configuration = sampler->suggest(id);
    for (const auto& other : failed) ASSERT_GT(differences(other, configuration), 500u) << id;
    const bool fails = id == 10 || id == 15;
    if (fails) failed.push_back(configuration);
    sampler->tell(id, {fails ? std::nullopt : std::optional(-1000.0), 1});
  }
}

TEST(Evolution, ASpaceOfOneValueStillGivesIt) {
  const auto space = *space::Space::make({{"x", space::Categorical{{1.5}}, {}}});
  const auto sampler = make_evolution(space, 1);
  for (int id = 0; id < 50; ++id) {
    EXPECT_TRUE(space.contains(sampler->suggest(id)));
    sampler->tell(id, {0.0, 1});
  }
}

TEST(Evolution, SameSeedSameSuggestions) {
  EXPECT_EQ(suggestions(testing::training().space, 100), suggestions(testing::training().space, 100));
}

}  // namespace
}  // namespace sm2::sampler
