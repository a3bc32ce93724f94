#include "strategy/asha_stop.h"

#include <gtest/gtest.h>

#include <cmath>

namespace sm2::strategy {
namespace {

using trial::TrialId;

AshaStop asha_stop(int candidates, double resource_max, double eta = 2) {
  const auto space = *space::Space::make({{"x", space::Real{0, 1, {}, space::Scale::kLinear}, {}}});
  Options options;
  options.candidates = candidates;
  options.resource_max = resource_max;
  options.eta = eta;
  options.metric = "accuracy";
  return {space, *sampler::make("random", space, 1), options};
}

trial::Stretch at(double reached, double metric) { return {trial::Paused{}, reached, metric, {}, {}, {}}; }

TEST(AshaStop, TrainsToTheEndUnlessItFallsBehindAtARung) {
  AshaStop strategy = asha_stop(4, 4);
  for (TrialId trial = 0; trial < 4; ++trial) EXPECT_EQ(std::get<trial::Train>(strategy.ask()).until, 4);
  EXPECT_TRUE(std::holds_alternative<trial::Wait>(strategy.ask()));
  EXPECT_EQ(strategy.judge(0, at(1, 0.5)).action, trial::Action::kContinue);  // the first to come
  EXPECT_EQ(strategy.judge(1, at(1, 0.6)).action, trial::Action::kContinue);
  const Verdict verdict = strategy.judge(2, at(1, 0.55));
  EXPECT_EQ(verdict.action, trial::Action::kStop);
  EXPECT_EQ(verdict.reason, "rung 0 at 1: accuracy 0.55 is not among the best 1 of 3 so far (0.6 or better)");
  EXPECT_EQ(strategy.judge(3, at(1, 0.58)).action, trial::Action::kContinue);  // the best two of four
}

TEST(AshaStop, JudgesOncePerRungAndNotBetween) {
  AshaStop strategy = asha_stop(2, 8);
  strategy.ask();
  strategy.ask();
  EXPECT_EQ(strategy.judge(0, at(4, 0.9)).action,
            trial::Action::kContinue);  // passes rungs 1, 2 and 4 at once
  EXPECT_EQ(strategy.judge(1, at(0.5, 0.1)).action, trial::Action::kContinue);
  EXPECT_EQ(strategy.judge(1, at(1, 0.95)).action, trial::Action::kContinue);
  EXPECT_EQ(strategy.judge(1, at(1.5, 0.1)).action, trial::Action::kContinue);
  EXPECT_EQ(strategy.judge(1, at(2, 0.8)).action, trial::Action::kStop);
}

TEST(AshaStop, ATieKeepsTheEarlierTrial) {
  AshaStop strategy = asha_stop(2, 2);
  strategy.ask();
  strategy.ask();
  EXPECT_EQ(strategy.judge(1, at(1, 0.5)).action, trial::Action::kContinue);
  EXPECT_EQ(strategy.judge(0, at(1, 0.5)).action, trial::Action::kContinue);
  strategy.tell(1, at(2, 0.7));
  strategy.tell(0, at(2, 0.7));
  EXPECT_EQ(std::get<trial::Finish>(strategy.ask()).winner, 0);
}

TEST(AshaStop, TheWinnerPassedTheMostRungs) {
  AshaStop strategy = asha_stop(3, 4);
  for (int trial = 0; trial < 3; ++trial) strategy.ask();
  strategy.judge(0, at(1, 0.9));
  strategy.tell(0, {trial::Stopped{"x"}, 1, 0.9, {}, {}, {}});
  strategy.tell(1, {trial::Completed{}, 4, 0.6, {}, {}, {}});
  strategy.tell(2, {trial::Diverged{"x"}, 4, 0.99, {}, {}, {}});
  const auto finish = std::get<trial::Finish>(strategy.ask());
  EXPECT_EQ(finish.winner, 1);
  EXPECT_EQ(finish.reason, "best of those that passed 3 of 3 rungs, of 3 candidates");
}

TEST(AshaStop, WithoutAUsableTrialThereIsNoWinner) {
  AshaStop strategy = asha_stop(1, 4);
  strategy.ask();
  EXPECT_EQ(strategy.judge(0, {trial::Paused{}, 1, {}, {}, {}, {}}).action, trial::Action::kContinue);
  strategy.tell(0, {trial::Failed{1, "x"}, 1, {}, {}, {}, {}});
  EXPECT_EQ(std::get<trial::Finish>(strategy.ask()).winner, std::nullopt);
}

}  // namespace
}  // namespace sm2::strategy
