#include "report/thinned.h"

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

namespace sm2::report {
namespace {

TEST(ThinnedTest, HasEverythingUntilItIsFull) {
  Thinned<int> series(4);
  for (int i = 0; i < 4; ++i) series.add(i);
  EXPECT_EQ(series.points(), (std::vector<int>{0, 1, 2, 3}));
}

TEST(ThinnedTest, DropsEverySecondPointWhenItIsFull) {
  Thinned<int> series(4);
  for (int i = 0; i < 6; ++i) series.add(i);
  EXPECT_EQ(series.points(), (std::vector<int>{0, 2, 4, 5}));
}

RC_GTEST_PROP(ThinnedTest, IsBoundedInOrderAndHasBothEnds, ()) {
  const int count = *rc::gen::inRange(1, 2000);
  const auto most = static_cast<std::size_t>(2 * *rc::gen::inRange(1, 20));
  Thinned<int> series(most);
  for (int i = 0; i < count; ++i) series.add(i);
  const std::vector<int> points = series.points();
  RC_ASSERT(points.size() <= most + 1);
  RC_ASSERT(points.front() == 0);
  RC_ASSERT(points.back() == count - 1);
  RC_ASSERT(std::is_sorted(points.begin(), points.end()));
}

}  // namespace
}  // namespace sm2::report
