#include "report/html/axis.h"

#include <gtest/gtest.h>

#include <cmath>

namespace sm2::report::html {
namespace {

TEST(Axis, TicksAreRoundAndWithin) {
  EXPECT_EQ((Axis{0, 10, false}.ticks(5)), (std::vector<double>{0, 2, 4, 6, 8, 10}));
  EXPECT_EQ((Axis{0.5, 120, true}.ticks(4)), (std::vector<double>{1, 10, 100}));
}

TEST(Axis, EnergyIsLogarithmicOnlyWhenFarApart) {
  EXPECT_FALSE(energy_axis(10, 100).logarithmic);
  const Axis wide = energy_axis(1, 1000);
  EXPECT_TRUE(wide.logarithmic);
  EXPECT_NEAR(wide.at(std::sqrt(1000)), 0.5, 0.02);
}

TEST(Axis, HoldsWhateverItIsGiven) {
  for (const auto& [least, most] :
       {std::pair{0.0, 0.0}, {5.0, 5.0}, {-1e308, 1e308}, {1e-300, 2e-300}, {-3.0, -1.0}}) {
    const Axis axis = linear_axis(least, most);
    EXPECT_LT(axis.low, axis.high);
    EXPECT_TRUE(std::isfinite(axis.at((least / 2 + most / 2))));
    EXPECT_LE(axis.ticks(5).size(), 12u);
  }
}

}  // namespace
}  // namespace sm2::report::html
