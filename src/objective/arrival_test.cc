#include "objective/arrival.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace sm2::objective {
namespace {

TEST(Arrival, CostsWhatACertainTrainingNeeds) {
  Arrival certain;
  certain.add(7, 1);
  EXPECT_DOUBLE_EQ(certain.units_per_success(), 7);
}

TEST(Arrival, GivesUpAtTheHorizonThatPaysBest) {
  Arrival either;
  either.add(2, 0.5);
  either.add(12, 0.5);
  // Stopping after 2 units: 2 / 0.5; waiting for all: (2 + 12) / 2.
  EXPECT_DOUBLE_EQ(either.units_per_success(), 4);
}

TEST(Arrival, CountsTrainingsThatNeverArrive) {
  Arrival rare;
  rare.add(5, 0.25);
  rare.add(std::numeric_limits<double>::infinity(), 0.75);
  EXPECT_DOUBLE_EQ(rare.units_per_success(), 20);
}

TEST(Arrival, IsInfiniteWhenNothingArrives) { EXPECT_TRUE(std::isinf(Arrival().units_per_success())); }

}  // namespace
}  // namespace sm2::objective
