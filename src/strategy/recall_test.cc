#include "strategy/recall.h"

#include <gtest/gtest.h>

#include <cmath>

namespace sm2::strategy {
namespace {

constexpr double kTarget = 0.9;

space::Configuration of(std::int64_t batch_size) { return {{"batch_size", batch_size}}; }
const std::vector<space::Configuration> kArms{of(16), of(32), of(64)};

Experience training(int study, std::int64_t batch_size, std::vector<Experience::Point> points) {
  Experience past;
  past.study = study;
  past.configuration = of(batch_size);
  past.points = std::move(points);
  if (!past.points.empty()) {
    past.reached = past.points.back().resource;
    past.joules = past.points.back().joules;
  }
  return past;
}

TEST(Recall, KnowsNothingOfNothing) {
  const Recall recall({}, kArms, kTarget);
  EXPECT_TRUE(recall.empty());
  EXPECT_EQ(recall.studies(), 0);
  EXPECT_EQ(recall.best(), std::nullopt);
  EXPECT_EQ(recall.tries(0), 0);
  EXPECT_EQ(recall.joules_per_unit(0), 0);
  EXPECT_EQ(recall.longest(0), 0);
  EXPECT_TRUE(std::isinf(recall.joules_to_target(0)));
}

TEST(Recall, TheBestArmHasTheLeastMeanJoulesToTheTarget) {
  const Recall recall({training(0, 16, {{1, 0.95, 100}}), training(1, 16, {{2, 0.95, 300}}),
                       training(2, 32, {{1, 0.9, 190}}), training(3, 64, {{1, 0.89, 10}})},
                      kArms, kTarget);
  EXPECT_FALSE(recall.empty());
  EXPECT_EQ(recall.best(), 1u);
  EXPECT_EQ(recall.joules_to_target(0), 200);
  EXPECT_EQ(recall.joules_to_target(1), 190);
  EXPECT_TRUE(std::isinf(recall.joules_to_target(2)));
  EXPECT_EQ(recall.studies(), 4);
}

TEST(Recall, NothingIsBestWhereNothingArrived) {
  const Recall recall({training(0, 16, {{1, 0.5, 100}})}, kArms, kTarget);
  EXPECT_TRUE(recall.empty());
  EXPECT_EQ(recall.tries(0), 1);
}

TEST(Recall, TheLongestIsWhereTheSlowestTrainingFirstReachedTheTarget) {
  const Recall recall({training(0, 16, {{3, 0.8, 30}, {7, 0.9, 70}, {9, 0.95, 90}}),
                       training(0, 16, {{4, 0.91, 40}}), training(0, 16, {{50, 0.2, 500}})},
                      kArms, kTarget);
  EXPECT_EQ(recall.longest(0), 7);
  EXPECT_EQ(recall.tries(0), 3);
  EXPECT_EQ(recall.studies(), 1);
}

TEST(Recall, JoulesToAMetricAreThoseOfTheFirstPointThatHadAsMuch) {
  const Recall recall({training(0, 16, {{1, 0.3, 10}, {2, 0.7, 20}, {3, 0.6, 30}, {4, 0.9, 40}}),
                       training(1, 16, {{1, 0.5, 12}, {2, 0.95, 24}})},
                      kArms, kTarget);
  EXPECT_EQ(recall.joules_to(0, 0.2), (10 + 12) / 2.0);
  EXPECT_EQ(recall.joules_to(0, 0.4), (20 + 12) / 2.0);
  EXPECT_EQ(recall.joules_to(0, 0.6), (20 + 24) / 2.0);
  EXPECT_EQ(recall.joules_to(0, kTarget), (40 + 24) / 2.0);
  EXPECT_TRUE(std::isinf(recall.joules_to(0, 0.92)));  // the first never showed so much
  EXPECT_TRUE(std::isinf(recall.joules_to(1, 0.2)));
}

TEST(Recall, LostTrainingsRaiseTheMeanWhenTheyWereLongerThanAnyThatArrived) {
  const auto arrived = training(0, 16, {{10, 0.9, 100}}), slower = training(1, 16, {{12, 0.9, 120}});
  EXPECT_EQ(Recall({arrived, slower, training(2, 16, {{13, 0.5, 130}})}, kArms, kTarget).joules_to_target(0),
            110 + 130 / 2.0);
  // The order does not matter, and one that was given up earlier may have arrived yet.
  EXPECT_EQ(Recall({training(2, 16, {{13, 0.5, 130}}), arrived, slower}, kArms, kTarget).joules_to_target(0),
            110 + 130 / 2.0);
  EXPECT_EQ(Recall({arrived, slower, training(2, 16, {{12, 0.5, 130}})}, kArms, kTarget).joules_to_target(0),
            110);
}

TEST(Recall, ALostTrainingCanCostAnArmItsPlace) {
  const auto cheap = training(0, 16, {{10, 0.9, 100}}), dear = training(1, 32, {{10, 0.9, 180}});
  EXPECT_EQ(Recall({cheap, dear}, kArms, kTarget).best(), 0u);
  EXPECT_EQ(Recall({cheap, dear, training(2, 16, {{20, 0.5, 90}})}, kArms, kTarget).best(), 1u);
}

TEST(Recall, OtherConfigurationsAndTrialsWithoutPointsAreLeftOut) {
  Experience other = training(7, 16, {{1, 0.95, 1}});
  other.configuration["learning_rate"] = 0.1;
  Experience silent = training(8, 16, {});
  silent.reached = 5;
  silent.joules = 50;
  const Recall recall({other, silent, training(9, 128, {{1, 0.95, 1}}), training(1, 32, {{1, 0.9, 10}})},
                      kArms, kTarget);
  EXPECT_EQ(recall.studies(), 1);
  EXPECT_EQ(recall.tries(0), 0);
  EXPECT_EQ(recall.joules_per_unit(0), 0);
  EXPECT_EQ(recall.best(), 1u);
}

TEST(Recall, JoulesPerUnitAreThoseOfTheLatestTrainingThatKnowsThem) {
  Experience unknown = training(3, 16, {{1, 0.5, 0}});
  const Recall recall({training(1, 16, {{2, 0.4, 20}, {4, 0.5, 40}}),
                       training(2, 16, {{1, 0.6, 40}, {4, 0.9, 100}}), unknown},
                      kArms, kTarget);
  EXPECT_EQ(recall.joules_per_unit(0), 20);
  EXPECT_EQ(recall.tries(0), 3);
}

}  // namespace
}  // namespace sm2::strategy
