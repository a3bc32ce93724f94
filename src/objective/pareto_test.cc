#include "objective/pareto.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace sm2::objective {
namespace {

using Members = std::vector<std::size_t>;

// On a coarse grid, so that equal coordinates and equal points happen.
std::vector<Point> any_points(std::size_t axes) {
  const auto coordinate = rc::gen::map(rc::gen::inRange(-4, 5), [](int whole) { return whole / 2.0; });
  return *rc::gen::container<std::vector<Point>>(rc::gen::container<Point>(axes, coordinate));
}

TEST(Pareto, OnePointDominatesAnotherWhenItIsNowhereLowerAndSomewhereHigher) {
  EXPECT_TRUE(dominates({1, 2}, {1, 1}));
  EXPECT_FALSE(dominates({1, 1}, {1, 1}));
  EXPECT_FALSE(dominates({2, 0}, {1, 1}));
}

TEST(Pareto, TheFrontRunsDownTheFirstAxis) {
  EXPECT_EQ(front({{1, 5}, {3, 1}, {2, 2}, {2, 1}, {0, 5}}), (Members{1, 2, 0}));
  EXPECT_EQ(front({}), Members());
}

TEST(Pareto, EqualPointsAreAllMembers) { EXPECT_EQ(front({{1, 1}, {0, 2}, {1, 1}}), (Members{0, 2, 1})); }

TEST(Pareto, WithOneAxisItIsTheHighest) { EXPECT_EQ(front({{1}, {3}, {2}, {3}}), (Members{1, 3})); }

RC_GTEST_PROP(ParetoProperty, TheFrontIsWhatNothingDominates, ()) {
  const std::vector<Point> points = any_points(*rc::gen::inRange<std::size_t>(1, 5));
  const Members members = front(points);
  for (std::size_t at = 0; at < points.size(); ++at) {
    const bool member = std::ranges::find(members, at) != members.end();
    const bool free =
        std::ranges::none_of(points, [&](const Point& other) { return dominates(other, points[at]); });
    RC_ASSERT(member == free);
  }
}

RC_GTEST_PROP(ParetoProperty, EveryOtherPointIsDominatedByAMember, ()) {
  const std::vector<Point> points = any_points(*rc::gen::inRange<std::size_t>(1, 5));
  const Members members = front(points);
  for (std::size_t at = 0; at < points.size(); ++at) {
    if (std::ranges::find(members, at) != members.end()) continue;
    RC_ASSERT(std::ranges::any_of(members,
                                  [&](std::size_t member) { return dominates(points[member], points[at]); }));
  }
}

}  // namespace
}  // namespace sm2::objective
