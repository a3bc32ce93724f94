#include "dashboard/selection.h"

#include <gtest/gtest.h>

namespace sm2::dashboard {
namespace {

TEST(SelectionTest, IsTheBestAndAnEvenShareOfTheOthersToTheLast) {
  std::vector<journal::Trial> trials(100);
  std::vector<const journal::Trial*> ranked;
  for (auto& trial : trials) {
    trial.id = static_cast<int>(ranked.size());
    ranked.push_back(&trial);
  }
  std::vector<int> ids;
  for (const auto* trial : selection(ranked, 8)) ids.push_back(trial->id);
  EXPECT_EQ(ids, (std::vector<int>{0, 1, 2, 3, 27, 51, 75, 99}));
  EXPECT_EQ(selection(ranked, 100), ranked);
  EXPECT_EQ(selection(ranked, 2), (std::vector{ranked[0], ranked[99]}));
  EXPECT_TRUE(selection({}, 2).empty());
}

}  // namespace
}  // namespace sm2::dashboard
