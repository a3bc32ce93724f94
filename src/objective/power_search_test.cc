#include "objective/power_search.h"

#include <gtest/gtest.h>

#include <map>

namespace sm2::objective {
namespace {

using base::Watts;

std::vector<Watts> searched(PowerSearch& search, const std::map<double, std::pair<double, double>>& device) {
  std::vector<Watts> tried;
  while (const auto limit = search.next()) {
    tried.push_back(*limit);
    const auto [joules, seconds] = device.at(limit->value);
    search.tell(joules, seconds);
  }
  return tried;
}

TEST(PowerSearch, FindsTheLeastJoulesAndStopsTwoLimitsBelow) {
  PowerSearch search({Watts(100), Watts(125), Watts(150), Watts(175), Watts(200)});
  const auto tried =
      searched(search, {{200, {5, 1}}, {175, {4, 1.1}}, {150, {4.5, 1.3}}, {125, {6, 1.6}}, {100, {9, 2}}});
  EXPECT_EQ(tried, (std::vector{Watts(200), Watts(175), Watts(150), Watts(125)}));
  EXPECT_EQ(search.best(), Watts(175));
}

TEST(PowerSearch, GoesOnPastOneBadLimit) {
  PowerSearch search({Watts(100), Watts(150), Watts(200)});
  searched(search, {{200, {5, 1}}, {150, {5.1, 1}}, {100, {4, 1}}});
  EXPECT_EQ(search.best(), Watts(100));
}

TEST(PowerSearch, LeavesLimitsThatAreTooSlow) {
  PowerSearch search({Watts(100), Watts(150), Watts(200)}, 1.5);
  searched(search, {{200, {5, 1}}, {150, {4, 1.2}}, {100, {2, 1.6}}});
  EXPECT_EQ(search.best(), Watts(150));
}

TEST(PowerSearch, HasNothingToSayWithoutLimits) {
  PowerSearch search({});
  EXPECT_FALSE(search.next());
  EXPECT_FALSE(search.best());
}

}  // namespace
}  // namespace sm2::objective
