#include "strategy/pbt.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace sm2::strategy {
namespace {

using trial::TrialId;

space::Space one_real() {
  return *space::Space::make({{"x", space::Real{0, 1, {}, space::Scale::kLinear}, {}}});
}

std::vector<space::Configuration> spread(int count) {
  std::vector<space::Configuration> population;
  for (int k = 0; k < count; ++k) population.push_back({{"x", (k + 0.5) / count}});
  return population;
}

Pbt pbt(int members, double resource_max) {
  Options options;
  options.resource_max = resource_max;
  options.metric = "accuracy";
  return {one_real(), spread(members), options};
}

trial::Stretch came_to(double reached, double metric) {
  return {trial::Paused{}, reached, metric, {}, {}, {}};
}

// Trains all members for an interval; the metric is the member's trial number.
void first_interval(Pbt& strategy, int members) {
  for (TrialId trial = 0; trial < members; ++trial)
    EXPECT_EQ(std::get<trial::Train>(strategy.ask()).trial, trial);
  for (TrialId trial = 0; trial < members; ++trial) strategy.tell(trial, came_to(1, trial));
}

TEST(Pbt, TheWorstFifthGoesOnFromCopiesOfTheBest) {
  Pbt strategy = pbt(10, 3);
  first_interval(strategy, 10);
  for (const TrialId worst : {0, 1}) {
    const auto drop = std::get<trial::Drop>(strategy.ask());
    EXPECT_EQ(drop.trial, worst);
    const auto copy = std::get<trial::Train>(strategy.ask());
    EXPECT_EQ(copy.trial, 10 + worst);
    ASSERT_TRUE(copy.parent == 8 || copy.parent == 9);
    EXPECT_EQ(copy.until, 2);
    const double x = (*copy.parent + 0.5) / 10;
    EXPECT_NE(std::get<double>(copy.configuration.at("x")), x);
    EXPECT_EQ(drop.reason, "at 1: accuracy " + std::to_string(worst) +
                               " is among the worst of the population; trial " + std::to_string(copy.trial) +
                               " takes its place, a copy of trial " + std::to_string(*copy.parent) + " (" +
                               std::to_string(*copy.parent) + ")");
  }
  for (TrialId other = 2; other < 10; ++other) {
    const auto train = std::get<trial::Train>(strategy.ask());
    EXPECT_EQ(train.trial, other);
    EXPECT_EQ(train.parent, std::nullopt);
    EXPECT_EQ(train.until, 2);
  }
}

TEST(Pbt, WhoHasToCopyWaitsWhileAllItMayCopyAreRunning) {
  Pbt strategy = pbt(2, 4);
  strategy.ask();
  strategy.ask();
  strategy.tell(1, came_to(1, 0.9));
  EXPECT_EQ(std::get<trial::Train>(strategy.ask()).trial, 1);  // alone, it is not among the worst
  strategy.tell(0, came_to(1, 0.1));
  EXPECT_TRUE(std::holds_alternative<trial::Wait>(strategy.ask()));
  strategy.tell(1, came_to(2, 0.9));
  EXPECT_EQ(std::get<trial::Drop>(strategy.ask()).trial, 0);
  const auto copy = std::get<trial::Train>(strategy.ask());
  EXPECT_EQ(copy.parent, 1);
  EXPECT_EQ(copy.until, 3);
}

TEST(Pbt, NobodyCopiesAnEqualOrAShorterTraining) {
  Pbt equal = pbt(4, 2);
  for (int trial = 0; trial < 4; ++trial) equal.ask();
  for (int trial = 0; trial < 4; ++trial) equal.tell(trial, came_to(1, 0.5));
  for (int trial = 0; trial < 4; ++trial) EXPECT_EQ(std::get<trial::Train>(equal.ask()).trial, trial);

  Pbt shorter = pbt(2, 4);
  shorter.ask();
  shorter.ask();
  shorter.tell(0, came_to(1, 0.1));
  shorter.ask();
  shorter.tell(0, came_to(2, 0.1));
  shorter.tell(1, came_to(1, 0.9));
  EXPECT_EQ(std::get<trial::Train>(shorter.ask()).trial, 1);
  const auto alone = std::get<trial::Train>(shorter.ask());
  EXPECT_EQ(alone.trial, 0);
  EXPECT_EQ(alone.until, 3);
}

TEST(Pbt, AFailedMemberIsReplacedAndLeavesAtTheThirdFailureOnEnd) {
  Pbt strategy = pbt(2, 3);
  strategy.ask();
  strategy.ask();
  strategy.tell(0, {trial::OutOfMemory{"x"}, 0, {}, {}, {}, {}});
  EXPECT_TRUE(std::holds_alternative<trial::Wait>(strategy.ask()));  // nobody to copy yet
  strategy.tell(1, came_to(1, 0.5));
  for (const TrialId copy : {2, 3}) {
    const auto train = std::get<trial::Train>(strategy.ask());
    EXPECT_EQ(train.trial, copy);
    EXPECT_EQ(train.parent, 1);
    strategy.tell(copy, {trial::OutOfMemory{"x"}, 1, {}, {}, {}, {}});
    EXPECT_EQ(std::get<trial::Train>(strategy.ask()).trial, 1);
    EXPECT_TRUE(std::holds_alternative<trial::Wait>(strategy.ask()));
    strategy.tell(1, came_to(train.until, 0.5));
  }
  EXPECT_EQ(std::get<trial::Finish>(strategy.ask()).winner, 1);
}

TEST(Pbt, AFinishedTrainingIsNotCopied) {
  Pbt strategy = pbt(2, 2);
  strategy.ask();
  strategy.ask();
  strategy.tell(0, {trial::OutOfMemory{"x"}, 0, {}, {}, {}, {}});
  strategy.tell(1, came_to(2, 0.5));  // further than it was asked to
  EXPECT_EQ(std::get<trial::Finish>(strategy.ask()).winner, 1);
}

TEST(Pbt, NeedsCheckpoints) {
  Options options;
  options.resumes = false;
  EXPECT_EQ(
      make("pbt", one_real(), options).error().message,
      "pbt copies checkpoints, and a program that is read by a pattern has none that can be resumed: use the "
      "client library, or another strategy, for example asha-stop");
}

TEST(Pbt, RefusesIntervalsBeyondNumber) {
  Options options;
  options.resource_max = 2e19;
  EXPECT_EQ(make("pbt", one_real(), options).error().message,
            "pbt trains in intervals of study.resource.min = 1, of which study.resource.max = 2e+19 has more "
            "than 1e+09: give a larger min, for example 2e+17");
}

// Where the best value changes while training goes on, a population follows it and fixed values cannot: each
// interval adds 1 - |x - best|, and the best x moves from 0 to 1.
TEST(Pbt, FollowsABestValueThatMoves) {
  constexpr int kMembers = 20, kIntervals = 20;
  const auto gain = [](double x, int interval) {
    return 1 - std::abs(x - static_cast<double>(interval) / (kIntervals - 1));
  };
  Pbt strategy = pbt(kMembers, kIntervals);
  std::map<TrialId, double> sum;
  double best = 0;
  while (true) {
    const trial::Decision decision = strategy.ask();
    if (const auto* finish = std::get_if<trial::Finish>(&decision)) {
      EXPECT_EQ(sum.at(*finish->winner), best);
      break;
    }
    const auto* train = std::get_if<trial::Train>(&decision);
    if (!train) continue;
    if (train->parent) sum[train->trial] = sum.at(*train->parent);
    sum[train->trial] += gain(std::get<double>(train->configuration.at("x")), train->rung);
    if (train->until == kIntervals) best = std::max(best, sum[train->trial]);
    strategy.tell(train->trial, came_to(train->until, sum[train->trial]));
  }
  EXPECT_GT(best, 0.82 * kIntervals);  // the best fixed x gives 0.74
}

TEST(Explore, StepsNeighboursAndRedrawsAFourth) {
  const auto space = *space::Space::make(
      {{"rate", space::Real{1e-4, 1, {}, space::Scale::kLog}, {}},
       {"size", space::Categorical{{std::int64_t{16}, std::int64_t{32}, std::int64_t{64}}}, {}},
       {"optimizer", space::Categorical{{std::string("adam"), std::string("sgd")}}, {}},
       {"momentum", space::Real{0.5, 0.9, {}, space::Scale::kLinear},
        space::Condition{"optimizer", {space::Value(std::string("sgd"))}}}});
  base::Random random(1);
  const space::Configuration from = {
      {"rate", 1e-2}, {"size", std::int64_t{16}}, {"optimizer", std::string("adam")}};
  int up = 0, down = 0, neighbour = 0, same = 0;
  constexpr int kDraws = 4000;
  for (int draw = 0; draw < kDraws; ++draw) {
    const auto made = perturb(space, from, random);
    ASSERT_TRUE(space.contains(made));
    up += std::abs(std::get<double>(made.at("rate")) / 1e-2 - std::pow(10, 0.4)) < 1e-9;
    down += std::abs(std::get<double>(made.at("rate")) / 1e-2 - std::pow(10, -0.4)) < 1e-9;
    neighbour += made.at("size") == space::Value(std::int64_t{32});
    same += made.at("optimizer") == space::Value(std::string("adam"));
  }
  EXPECT_NEAR(up, 0.375 * kDraws, 100);
  EXPECT_NEAR(down, 0.375 * kDraws, 100);
  EXPECT_NEAR(neighbour, (0.75 + 0.25 / 3) * kDraws, 100);  // 16 has one neighbour
  EXPECT_NEAR(same, (0.75 + 0.25 / 2) * kDraws, 100);
}

}  // namespace
}  // namespace sm2::strategy
