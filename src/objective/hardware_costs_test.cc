#include "objective/hardware_costs.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"

namespace sm2::objective {
namespace {

TEST(HardwareCosts, OfTheFirstKindAreTheMeasure) {
  HardwareCosts costs;
  costs.observe(0, 40);
  EXPECT_EQ(costs.of(0).ratio, 1);
  EXPECT_EQ(costs.of(0).deviation, 0);
}

TEST(HardwareCosts, OfAKindThatIsNotKnownMayBeAnything) {
  const HardwareCosts costs;
  EXPECT_EQ(costs.of(3).ratio, 1);
  EXPECT_EQ(costs.of(3).deviation, HardwareCosts::kBetweenHardware);
}

TEST(HardwareCosts, AreToldByOneTrialThatMoved) {
  HardwareCosts costs;
  costs.observe(0, 40);
  costs.observe_move(0, 40, 1, 100);
  EXPECT_NEAR(costs.of(1).ratio, 2.5, 0.1);
  EXPECT_LT(costs.of(1).deviation, 0.15);
}

TEST(HardwareCosts, AreToldALittleByOtherTrials) {
  base::Random random(1);
  HardwareCosts costs;
  for (int trial = 0; trial < 200; ++trial) {
    const double own = std::exp(2 * random.uniform() - 1);
    costs.observe(trial % 2, trial % 2 == 0 ? 40 * own : 120 * own);
  }
  EXPECT_NEAR(std::log(costs.of(1).ratio / 3), 0, 2 * costs.of(1).deviation);
  EXPECT_GT(costs.of(1).deviation, 0.1);
  EXPECT_LT(costs.of(1).deviation, 0.2);
}

TEST(HardwareCosts, GoThroughAThirdKind) {
  HardwareCosts costs;
  costs.observe_move(0, 10, 2, 20);
  costs.observe_move(2, 30, 1, 90);
  EXPECT_NEAR(costs.of(1).ratio, 6, 0.5);
  EXPECT_GT(costs.of(1).deviation, costs.of(2).deviation);
}

TEST(HardwareCosts, DoNotDependOnTheUnitOfEnergy) {
  HardwareCosts joules, millijoules;
  for (HardwareCosts* costs : {&joules, &millijoules}) {
    const double unit = costs == &joules ? 1 : 1000;
    costs->observe(0, 40 * unit);
    costs->observe(1, 90 * unit);
    costs->observe_move(0, 40 * unit, 1, 100 * unit);
  }
  EXPECT_NEAR(joules.of(1).ratio, millijoules.of(1).ratio, 1e-4);
}

}  // namespace
}  // namespace sm2::objective
