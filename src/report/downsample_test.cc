#include "report/downsample.h"

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>
#include <algorithm>

namespace sm2::report {
namespace {

std::vector<Place> line(std::size_t points) {
  std::vector<Place> all;
  for (std::size_t at = 0; at < points; ++at) all.push_back({static_cast<double>(at), 0});
  return all;
}

TEST(DownsampleTest, KeepsAllOfAShortCurve) {
  EXPECT_EQ(downsample(line(4), 4), (std::vector<std::size_t>{0, 1, 2, 3}));
  EXPECT_TRUE(downsample({}, 4).empty());
}

TEST(DownsampleTest, KeepsWhatStandsOut) {
  auto curve = line(1000);
  curve[137].y = 5;
  curve[500].y = -7;
  const auto kept = downsample(curve, 20);
  EXPECT_TRUE(std::ranges::count(kept, 137u));
  EXPECT_TRUE(std::ranges::count(kept, 500u));
}

RC_GTEST_PROP(DownsampleTest, IsInOrderOfTheAskedSizeAndHasBothEnds, ()) {
  const auto values = *rc::gen::container<std::vector<int>>(rc::gen::inRange(-100, 100));
  const auto most = static_cast<std::size_t>(*rc::gen::inRange(3, 50));
  std::vector<Place> curve;
  for (const int value : values)
    curve.push_back({static_cast<double>(curve.size()), static_cast<double>(value)});
  const auto kept = downsample(curve, most);
  RC_ASSERT(kept.size() == std::min(most, curve.size()));
  RC_ASSERT(std::ranges::is_sorted(kept));
  RC_ASSERT(std::ranges::adjacent_find(kept) == kept.end());
  if (!curve.empty()) {
    RC_ASSERT(kept.front() == 0u);
    RC_ASSERT(kept.back() == curve.size() - 1);
  }
}

}  // namespace
}  // namespace sm2::report
