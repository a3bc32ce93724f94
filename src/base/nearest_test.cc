#include "base/nearest.h"

#include <gtest/gtest.h>

#include <vector>

namespace sm2::base {
namespace {

TEST(Nearest, FindsTheMisspeltNameAndOnlyThat) {
  const std::vector<std::string> known = {"energy", "stability", "seed"};
  EXPECT_EQ(nearest("enrgy", known), "energy");
  EXPECT_EQ(nearest("sead", known), "seed");
  EXPECT_EQ(nearest("colour", known), std::nullopt);
  EXPECT_EQ(nearest("x", {}), std::nullopt);
}

TEST(Nearest, OfAVeryLongWordNothingAndAtOnce) {
  const std::vector<std::string> known(1000, "metric");
  EXPECT_FALSE(nearest(std::string(1'000'000, 'm'), known));
}

}  // namespace
}  // namespace sm2::base
