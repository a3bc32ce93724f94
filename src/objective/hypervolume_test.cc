#include "objective/hypervolume.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <functional>

#include "base/random.h"

namespace sm2::objective {
namespace {

constexpr int kSide = 5;  // coordinates are whole, from 0 to kSide - 1, so volumes are exact

std::vector<Point> any_points(std::size_t axes) {
  const auto coordinate = rc::gen::map(rc::gen::inRange(0, kSide), [](int whole) { return double(whole); });
  auto points = *rc::gen::container<std::vector<Point>>(rc::gen::container<Point>(axes, coordinate));
  if (points.size() > 12) points.resize(12);
  return points;
}

// The definition, by counting: cells of the unit grid whose upper corner a point reaches.
double counted(const std::vector<Point>& points, std::size_t axes) {
  std::vector<Point> cells = {{}};
  for (std::size_t axis = 0; axis < axes; ++axis) {
    std::vector<Point> longer;
    for (const Point& cell : cells) {
      for (int upper = 1; upper < kSide; ++upper) {
        longer.push_back(cell);
        longer.back().push_back(upper);
      }
    }
    cells = std::move(longer);
  }
  return static_cast<double>(std::ranges::count_if(cells, [&](const Point& cell) {
    return std::ranges::any_of(
        points, [&](const Point& point) { return std::ranges::equal(point, cell, std::greater_equal<>()); });
  }));
}

TEST(Hypervolume, HasKnownAnswers) {
  EXPECT_EQ(hypervolume({}, {0, 0}), 0);
  EXPECT_EQ(hypervolume({{2, 3}}, {0, 0}), 6);
  EXPECT_EQ(hypervolume({{1, 3}, {2, 2}, {3, 1}}, {0, 0}), 6);
  EXPECT_EQ(hypervolume({{0.9, -200}, {0.8, -100}}, {0.5, -300}), (0.9 - 0.5) * 100 + (0.8 - 0.5) * 100);
  // A cube without its far corner: eight unit cells less one.
  EXPECT_EQ(hypervolume({{2, 2, 1}, {2, 1, 2}, {1, 2, 2}}, {0, 0, 0}), 7);
}

TEST(Hypervolume, APointThatIsNotAboveTheReferenceOnEveryAxisAddsNothing) {
  EXPECT_EQ(hypervolume({{5, 0}, {-1, 9}, {1, 1}}, {0, 0}), 1);
}

RC_GTEST_PROP(HypervolumeProperty, IsWhatCountingGives, ()) {
  const auto axes = *rc::gen::inRange<std::size_t>(1, 5);
  const std::vector<Point> points = any_points(axes);
  RC_ASSERT(hypervolume(points, Point(axes, 0)) == counted(points, axes));
}

RC_GTEST_PROP(HypervolumeProperty, OrderPlaysNoPart, ()) {
  const auto axes = *rc::gen::inRange<std::size_t>(2, 5);
  std::vector<Point> points = any_points(axes);
  const double before = hypervolume(points, Point(axes, 0));
  base::Random random(*rc::gen::arbitrary<std::uint64_t>());
  random.shuffle(points);
  RC_ASSERT(hypervolume(points, Point(axes, 0)) == before);
}

RC_GTEST_PROP(HypervolumeProperty, GrowsExactlyWhenAPointThatNothingReachesComes, ()) {
  const auto axes = *rc::gen::inRange<std::size_t>(2, 5);
  std::vector<Point> points = any_points(axes);
  RC_PRE(!points.empty());
  const Point added = points.back();
  points.pop_back();
  const double before = hypervolume(points, Point(axes, 0));
  const bool above = std::ranges::all_of(added, [](double coordinate) { return coordinate > 0; });
  const bool covered = std::ranges::any_of(
      points, [&](const Point& point) { return std::ranges::equal(point, added, std::greater_equal<>()); });
  points.push_back(added);
  const double after = hypervolume(points, Point(axes, 0));
  RC_ASSERT(after >= before);
  RC_ASSERT((after > before) == (above && !covered));
}

}  // namespace
}  // namespace sm2::objective
