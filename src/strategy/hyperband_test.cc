#include "strategy/hyperband.h"

#include <gtest/gtest.h>

#include <limits>
#include <map>
#include <set>

namespace sm2::strategy {
namespace {

using trial::TrialId;
using Rungs = std::vector<BracketRung>;

space::Space one_real() {
  return *space::Space::make({{"x", space::Real{0, 1, {}, space::Scale::kLinear}, {}}});
}

Options options(double resource_max, double eta, std::optional<int> candidates = {}) {
  Options options;
  options.resource_max = resource_max;
  options.eta = eta;
  options.candidates = candidates;
  options.metric = "accuracy";
  return options;
}

Hyperband hyperband(const Options& options, const space::Space& space = one_real()) {
  return {space, *sampler::make("random", space, options.seed), options};
}

trial::Stretch came_to(double reached, double metric) {
  return {trial::Paused{}, reached, metric, {}, {}, {}};
}

TEST(Hyperband, BracketsAreThoseOfTheTableInThePaper) {
  EXPECT_EQ(hyperband_brackets(1, 81, 3), (std::vector<Rungs>{{{81, 1}, {27, 3}, {9, 9}, {3, 27}, {1, 81}},
                                                              {{27, 3}, {9, 9}, {3, 27}, {1, 81}},
                                                              {{9, 9}, {3, 27}, {1, 81}},
                                                              {{6, 27}, {2, 81}},
                                                              {{5, 81}}}));
}

TEST(Hyperband, BracketsOfOtherResources) {
  EXPECT_EQ(hyperband_brackets(1, 243, 3).size(), 6u);  // log_3 243 is 4.999... in floating point
  EXPECT_EQ(hyperband_brackets(2, 20, 2),
            (std::vector<Rungs>{
                {{8, 2}, {4, 4}, {2, 8}, {1, 20}}, {{4, 4}, {2, 8}, {1, 20}}, {{4, 8}, {2, 20}}, {{4, 20}}}));
  EXPECT_EQ(hyperband_brackets(1, 1, 2), (std::vector<Rungs>{{{1, 1}}}));
}

TEST(Hyperband, ARangeWithoutEndHasNoMoreCandidatesThanTrialsHaveNumbers) {
  const std::pair<double, double> ranges[] = {{1, 2e19}, {1, 1e30}, {1e-300, 1}, {1e-300, 1.7e308}};
  for (const auto& [least, most] : ranges) {
    const auto brackets = hyperband_brackets(least, most, 2);
    EXPECT_EQ(brackets.front().front().candidates, std::numeric_limits<TrialId>::max())
        << least << " " << most;
    for (const Rungs& rungs : brackets) {
      EXPECT_EQ(rungs.back().until, most);
      EXPECT_GE(rungs.back().candidates, 1u);
    }
  }
}

struct Played {
  std::map<std::pair<int, double>, int> trained;  // by rung and resource
  std::map<TrialId, std::string> dropped;
  trial::Finish finish;
};

// The metric is the trial's number: later ones are better.
Played play(Hyperband& strategy) {
  Played played;
  while (true) {
    const trial::Decision decision = strategy.ask();
    if (const auto* finish = std::get_if<trial::Finish>(&decision)) {
      played.finish = *finish;
      return played;
    }
    if (const auto* drop = std::get_if<trial::Drop>(&decision)) played.dropped[drop->trial] = drop->reason;
    if (const auto* train = std::get_if<trial::Train>(&decision)) {
      ++played.trained[{train->rung, train->until}];
      strategy.tell(train->trial, came_to(train->until, train->trial));
    }
  }
}

TEST(Hyperband, OneRoundTrainsEveryBracketOfTheTable) {
  Hyperband strategy = hyperband(options(81, 3));
  const Played played = play(strategy);
  EXPECT_EQ(played.trained.at({0, 1}), 81);
  EXPECT_EQ(played.trained.at({1, 3}), 27);
  EXPECT_EQ(played.trained.at({0, 3}), 27);
  EXPECT_EQ(played.trained.at({0, 27}), 6);
  EXPECT_EQ(played.trained.at({1, 81}), 2);
  EXPECT_EQ(played.trained.at({0, 81}), 5);
  EXPECT_EQ(played.finish.winner, 127);  // the last of 81 + 27 + 9 + 6 + 5
  EXPECT_EQ(played.finish.reason, "best of 128 candidates in 5 brackets");
  EXPECT_EQ(played.dropped.at(53), "bracket 0, rung 0: place 28 of 81, 27 kept: accuracy 53 (best kept 80)");
}

TEST(Hyperband, ARungWaitsForAllOfItAndIdleWorkersBeginTheNextBracket) {
  Hyperband strategy = hyperband(options(2, 2));  // brackets: 2 at 1, 1 at 2; then 2 at 2
  for (TrialId trial = 0; trial < 4; ++trial) {
    const auto train = std::get<trial::Train>(strategy.ask());
    EXPECT_EQ(train.trial, trial);
    EXPECT_EQ(train.until, trial < 2 ? 1 : 2);
  }
  EXPECT_TRUE(std::holds_alternative<trial::Wait>(strategy.ask()));
  strategy.tell(0, came_to(1, 0.9));
  EXPECT_TRUE(std::holds_alternative<trial::Wait>(strategy.ask()));
  strategy.tell(1, came_to(1, 0.8));
  EXPECT_EQ(std::get<trial::Drop>(strategy.ask()).trial, 1);
  EXPECT_EQ(std::get<trial::Train>(strategy.ask()).trial, 0);
}

TEST(Hyperband, TrialsThatFailLeaveRoomForTheRest) {
  Hyperband strategy = hyperband(options(2, 2));
  for (int trial = 0; trial < 4; ++trial) strategy.ask();
  strategy.tell(0, {trial::OutOfMemory{"16 GiB"}, 0, {}, {}, {}, {}});
  strategy.tell(1, came_to(1, 0.1));
  EXPECT_EQ(std::get<trial::Drop>(strategy.ask()).reason, "bracket 0, rung 0: out of memory: 16 GiB");
  EXPECT_EQ(std::get<trial::Train>(strategy.ask()).trial, 1);
  for (const TrialId trial : {1, 2, 3}) strategy.tell(trial, {trial::Failed{1, ""}, 1, {}, {}, {}, {}});
  for (int drop = 0; drop < 3; ++drop) EXPECT_TRUE(std::holds_alternative<trial::Drop>(strategy.ask()));
  EXPECT_EQ(std::get<trial::Finish>(strategy.ask()).winner, std::nullopt);
}

TEST(Hyperband, CandidatesBoundTheRoundsOfBrackets) {
  Hyperband few = hyperband(options(4, 2, 3));
  const Played three = play(few);  // a first bracket of three, not four
  EXPECT_EQ(three.trained, (std::map<std::pair<int, double>, int>{{{0, 1}, 3}, {{1, 2}, 1}, {{2, 4}, 1}}));
  Hyperband many = hyperband(options(4, 2, 100));
  EXPECT_EQ(play(many).finish.reason.substr(0, 22), "best of 100 candidates");
}

TEST(Hyperband, ASmallSpaceIsTriedOnce) {
  const auto space = *space::Space::make({{"x", space::Integer{1, 5, 1, space::Scale::kLinear}, {}}});
  Hyperband strategy = hyperband(options(81, 3), space);
  EXPECT_EQ(play(strategy).finish.reason, "best of 5 candidates in 1 brackets");
}

}  // namespace
}  // namespace sm2::strategy
