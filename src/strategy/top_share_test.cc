#include "strategy/top_share.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace sm2::strategy {
namespace {

TEST(TopShare, IsTheBestHalfOfWhoCameSoFar) {
  TopShare half(2);
  half.add({0.5, 0});
  EXPECT_FALSE(half.holds({0.5, 0}));  // floor(1 / 2) = 0
  EXPECT_FALSE(half.last());
  half.add({0.4, 1});
  EXPECT_TRUE(half.holds({0.5, 0}));
  half.add({0.9, 2});
  EXPECT_FALSE(half.holds({0.5, 0}));  // pushed out
  half.add({0.1, 3});
  EXPECT_TRUE(half.holds({0.5, 0}));  // and back
  EXPECT_EQ(half.last()->trial, 0);
  EXPECT_EQ(half.best().trial, 2);
}

TEST(TopShare, TheEarlierTrialWinsATie) {
  TopShare half(2);
  half.add({0.5, 1});
  half.add({0.5, 0});
  EXPECT_TRUE(half.holds({0.5, 0}));
  EXPECT_FALSE(half.holds({0.5, 1}));
}

RC_GTEST_PROP(TopShareProperty, IsWhatSortingEveryTimeGives, ()) {
  const double eta = *rc::gen::element(1.5, 2.0, 3.0, 4.0);
  TopShare share(eta);
  std::vector<Ranked> all;
  const int count = *rc::gen::inRange(1, 60);
  for (int trial = 0; trial < count; ++trial) {
    all.push_back({static_cast<double>(*rc::gen::inRange(0, 20)), trial});
    share.add(all.back());
    std::ranges::sort(all, better);
    const auto kept = static_cast<std::size_t>(static_cast<double>(all.size()) / eta);
    RC_ASSERT(share.size() == all.size());
    RC_ASSERT(share.share() == kept);
    RC_ASSERT(share.best().trial == all.front().trial);
    for (std::size_t place = 0; place < all.size(); ++place)
      RC_ASSERT(share.holds(all[place]) == (place < kept));
  }
}

}  // namespace
}  // namespace sm2::strategy
