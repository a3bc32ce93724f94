#include "journal/by_id.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace sm2::journal {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

ById<std::string> with(const std::vector<int>& ids) {
  ById<std::string> records;
  for (const int id : ids) records[id] = std::to_string(id);
  return records;
}

TEST(ById, HoldsWhatCameInAnyOrderByGrowingId) {
  EXPECT_THAT(with({0, 1, 2}), ElementsAre(Pair(0, "0"), Pair(1, "1"), Pair(2, "2")));
  EXPECT_THAT(with({5, -3, 0, 7, 1}),
              ElementsAre(Pair(-3, "-3"), Pair(0, "0"), Pair(1, "1"), Pair(5, "5"), Pair(7, "7")));
}

TEST(ById, FindsWhatIsThereAndNothingElse) {
  for (const auto& ids : {std::vector{0, 1, 2, 3}, std::vector{1, 2, 4}, std::vector{-2, 900, 3}}) {
    const auto records = with(ids);
    for (int id = -5; id < 1000; ++id) {
      const bool there = std::ranges::find(ids, id) != ids.end();
      ASSERT_EQ(records.contains(id), there) << id;
      if (there) ASSERT_EQ(records.at(id), std::to_string(id));
      if (!there) ASSERT_THROW(records.at(id), std::out_of_range) << id;
    }
  }
}

TEST(ById, AskingForOneTwiceMakesItOnce) {
  auto records = with({0, 1});
  records[1] += "!";
  EXPECT_THAT(records, ElementsAre(Pair(0, "0"), Pair(1, "1!")));
}

TEST(ById, WhatComesInOrderLeavesReferencesValid) {
  auto records = with({0});
  const std::string& first = records.at(0);
  for (int id = 1; id < 10'000; ++id) records[id] = "more";
  EXPECT_EQ(&first, &records.at(0));
}

}  // namespace
}  // namespace sm2::journal
