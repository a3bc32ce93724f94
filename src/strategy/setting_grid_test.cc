#include "strategy/setting_grid.h"

#include <gtest/gtest.h>

#include <set>

namespace sm2::strategy {
namespace {

using space::Categorical;
using space::Real;
using space::Scale;

space::Parameter sizes() { return {"batch_size", Categorical{{std::int64_t{16}, std::int64_t{64}}}, {}}; }
space::Parameter rates() { return {"learning_rate", Real{1e-4, 1, {}, Scale::kLog}, {}}; }

TEST(SettingGrid, IsAllOfASmallSpace) {
  const auto space = *space::Space::make({sizes(),
                                          {"learning_rate", Categorical{{0.1, 0.01, 0.001}}, {}},
                                          {"nesterov", Categorical{{true, false}}, {}}});
  EXPECT_EQ(setting_grid(space, {}).size(), 12u);
}

TEST(SettingGrid, GivesEveryBatchSizeTheSameRates) {
  const auto settings = setting_grid(*space::Space::make({sizes(), rates()}), {});
  std::set<double> low, high;
  for (const auto& setting : settings) {
    const bool small = setting.at("batch_size") == space::Value(std::int64_t{16});
    (small ? low : high).insert(space::as_number(setting.at("learning_rate")));
  }
  EXPECT_EQ(low.size(), 16u);
  EXPECT_EQ(low, high);
}

TEST(SettingGrid, SamplesTheOtherParameters) {
  const auto space =
      *space::Space::make({sizes(), rates(), {"momentum", Real{0, 0.99, {}, Scale::kLinear}, {}}});
  const auto settings = setting_grid(space, {});
  std::set<double> momenta;
  for (const auto& setting : settings) {
    EXPECT_TRUE(space.contains(setting));
    momenta.insert(space::as_number(setting.at("momentum")));
  }
  EXPECT_EQ(momenta.size(), 12u);
  EXPECT_EQ(settings.size(), 12u * 2 * 16);
}

TEST(SettingGrid, KeepsToTheCandidatesThatWereAskedFor) {
  Options options;
  options.candidates = 7;
  EXPECT_EQ(setting_grid(*space::Space::make({sizes(), rates()}), options).size(), 7u);
}

TEST(SettingGrid, IsEmptyWhereThereIsNoRateToGoBy) {
  EXPECT_TRUE(setting_grid(*space::Space::make({sizes()}), {}).empty());
  EXPECT_TRUE(
      setting_grid(
          *space::Space::make({sizes(), {"learning_rate", Categorical{{std::string("auto"), 0.1}}, {}}}), {})
          .empty());
  EXPECT_TRUE(
      setting_grid(*space::Space::make({{"learning_rate", Real{0, 1, {}, Scale::kLinear}, {}}}), {}).empty());
}

}  // namespace
}  // namespace sm2::strategy
