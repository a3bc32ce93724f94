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

}  // namespace
}  // namespace sm2::base
