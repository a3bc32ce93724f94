#include "runner/processors.h"

#include <gtest/gtest.h>

namespace sm2::runner {
namespace {

TEST(Processors, TheFirstTrialGetsTheFirstOnes) {
  EXPECT_EQ(choose({0, 1, 4, 5}, 2, {}), (Processors{0, 1}));
}

TEST(Processors, TheNextOneGetsOthers) {
  EXPECT_EQ(choose({0, 1, 4, 5}, 2, {{0, 1}}), (Processors{4, 5}));
  EXPECT_EQ(choose({0, 1, 4, 5}, 3, {{0, 1}}), (Processors{0, 4, 5}));
  EXPECT_EQ(choose({0, 1, 4, 5}, 1, {{0, 1}, {4, 5}, {0, 1}}), (Processors{4}));
}

TEST(Processors, ALimitThatIsKeptAnywayChangesNothing) {
  EXPECT_TRUE(choose({0, 1}, 2, {}).empty());
  EXPECT_TRUE(choose({0, 1}, 3, {{0}}).empty());
  EXPECT_TRUE(choose({}, 1, {}).empty());
}

TEST(Processors, ThisProcessMayUseSome) { EXPECT_FALSE(may_use().empty()); }

}  // namespace
}  // namespace sm2::runner
