#include "strategy/packed.h"

#include <gtest/gtest.h>

namespace sm2::strategy {
namespace {

TEST(Packed, GivesBackWhatWasPutIn) {
  const space::Condition when{"optimizer", {space::Value(std::string("sgd"))}};
  const auto space = *space::Space::make(
      {{"momentum", space::Real{-0.5, 0.99, {}, space::Scale::kLinear}, when},
       {"layers", space::Integer{-3, 1000, 1, space::Scale::kLinear}, {}},
       {"optimizer",
        space::Categorical{{std::string("adam"), std::string("sgd"), true, 0.5, std::int64_t{7}}},
        {}},
       {"rate", space::Real{1e-4, 1, {}, space::Scale::kLog}, {}}});
  Packed packed(space.parameters());
  std::vector<space::Configuration> all;
  base::Random random(1);
  bool without = false;
  for (int k = 0; k < 100; ++k) {
    all.push_back(space.sample(random));
    packed.add(all.back());
    without = without || !all.back().contains("momentum");
  }
  EXPECT_TRUE(without);
  for (std::size_t k = 0; k < all.size(); ++k) EXPECT_EQ(packed.at(k), all[k]);
}

}  // namespace
}  // namespace sm2::strategy
