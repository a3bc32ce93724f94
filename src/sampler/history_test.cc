#include "sampler/history.h"

#include <gtest/gtest.h>

#include <limits>

namespace sm2::sampler {
namespace {

using Places = std::vector<std::size_t>;

History of(int trials, std::size_t enough) {
  History history(enough);
  for (int id = 0; id < trials; ++id) history.add(10 * id, {0.0});
  return history;
}

TEST(History, RanksTheBestFirstAndTheEarlierOfEquals) {
  History history = of(4, 3);
  history.tell(20, {.value = 0.5});
  history.tell(0, {.value = 0.1});
  history.tell(10, {.value = 0.5});
  EXPECT_EQ(history.ranking(), (Places{1, 2, 0}));
  EXPECT_EQ(history.told(), 3u);
}

TEST(History, AFailureHasNoRankAndTakesOneAway) {
  History history = of(3, 2);
  history.tell(0, {.value = std::nullopt});
  history.tell(10, {.value = std::numeric_limits<double>::quiet_NaN()});
  history.tell(20, {.value = 0.5, .resource = 1});
  EXPECT_EQ(history.ranking(), (Places{2}));
  history.tell(20, {.value = std::nullopt, .resource = 2});
  EXPECT_EQ(history.ranking(), Places{});
  EXPECT_EQ(history.told(), 3u);
  EXPECT_EQ(history.usable(), 0u);
}

TEST(History, AnOldFailureBelowALaterValueIsForgotten) {
  History history = of(1, 1);
  history.tell(0, {.value = 0.5, .resource = 2});
  history.tell(0, {.value = std::nullopt, .resource = 1});
  EXPECT_EQ(history.ranking(), (Places{0}));
}

TEST(History, ComparesAtTheHighestResourceThatEnoughHaveReached) {
  History history = of(4, 2);
  for (int place = 0; place < 4; ++place) history.tell(10 * place, {.value = 0.1 * place, .resource = 1});
  EXPECT_EQ(history.ranking(), (Places{3, 2, 1, 0}));
  history.tell(0, {.value = 0.9, .resource = 3});
  EXPECT_EQ(history.ranking(), (Places{3, 2, 1, 0}));  // one is not enough
  history.tell(10, {.value = 0.8, .resource = 3});
  EXPECT_EQ(history.ranking(), (Places{0, 1}));
}

TEST(History, AValueFarAboveStandsInForAMissingOneBelow) {
  History history = of(3, 3);
  history.tell(0, {.value = 0.3, .resource = 1});
  history.tell(10, {.value = 0.2, .resource = 9});
  history.tell(20, {.value = 0.1, .resource = 1});
  EXPECT_EQ(history.ranking(), (Places{0, 1, 2}));
}

TEST(History, TheLastWordAtAResourceCounts) {
  History history = of(2, 2);
  history.tell(0, {.value = 0.3});
  history.tell(10, {.value = 0.2});
  history.tell(10, {.value = 0.4});
  EXPECT_EQ(history.ranking(), (Places{1, 0}));
}

}  // namespace
}  // namespace sm2::sampler
