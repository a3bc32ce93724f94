#include "strategy/asha.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace sm2::strategy {
namespace {

using trial::TrialId;

space::Space one_real() {
  return *space::Space::make({{"x", space::Real{0, 1, {}, space::Scale::kLinear}, {}}});
}

// Draws like `random`, and keeps what it is told.
class Listening final : public sampler::Sampler {
 public:
  explicit Listening(std::vector<std::pair<int, sampler::Observation>>& heard) : heard_(heard) {}
  space::Configuration suggest(int id) override { return {{"x", 1.0 / (id + 1)}}; }
  void tell(int id, const sampler::Observation& observation) override {
    heard_.emplace_back(id, observation);
  }

 private:
  std::vector<std::pair<int, sampler::Observation>>& heard_;
};

Options options(int candidates, double resource_max, double eta = 2) {
  Options options;
  options.candidates = candidates;
  options.resource_max = resource_max;
  options.eta = eta;
  return options;
}

Asha asha(const Options& options) {
  return {one_real(), *sampler::make("random", one_real(), options.seed), options};
}

trial::Stretch came_to(double reached, double metric) {
  return {trial::Paused{}, reached, metric, {}, {}, {}};
}

TEST(Asha, RungsGrowByEtaUpToTheMostResource) {
  EXPECT_EQ(rung_resources(options(1, 81, 3)), (std::vector<double>{1, 3, 9, 27, 81}));
  EXPECT_EQ(rung_resources(options(1, 5)), (std::vector<double>{1, 2, 4, 5}));
  EXPECT_EQ(rung_resources(options(1, 1)), (std::vector<double>{1}));
}

// Algorithm 2 by hand, one worker, eta = 2: after each finished trial the best half of a rung may go on.
TEST(Asha, OneWorkerPromotesAsThePaperSays) {
  const std::vector<double> metrics = {0.5, 0.4, 0.9, 0.6, 0.1, 0.7};
  Asha strategy = asha(options(6, 4));
  std::vector<std::pair<TrialId, double>> trained;
  while (true) {
    const trial::Decision decision = strategy.ask();
    if (const auto* finish = std::get_if<trial::Finish>(&decision)) {
      EXPECT_EQ(finish->winner, 2);
      EXPECT_EQ(finish->reason, "best of 2 at rung 2, of 6 candidates");
      break;
    }
    const auto& train = std::get<trial::Train>(decision);
    trained.emplace_back(train.trial, train.until);
    strategy.tell(train.trial, came_to(train.until, metrics[static_cast<std::size_t>(train.trial)]));
  }
  EXPECT_EQ(trained, (std::vector<std::pair<TrialId, double>>{
                         {0, 1},
                         {1, 1},
                         {0, 2},  // 0 is the best of two
                         {2, 1},
                         {2, 2},
                         {2, 4},  // 2 is the best of three, and of two in rung 1
                         {3, 1},
                         {3, 2},
                         {4, 1},
                         {5, 1},  // 3 is among the best two of four; 4 is not
                         {5, 2},
                         {5, 4}}));  // 5 among the best three of six, and two of four
}

TEST(Asha, TakesTheHighestRungFirst) {
  Asha strategy = asha(options(8, 4));
  for (TrialId trial = 0; trial < 4; ++trial) strategy.ask();
  for (TrialId trial = 0; trial < 4; ++trial) strategy.tell(trial, came_to(1, trial));
  EXPECT_EQ(std::get<trial::Train>(strategy.ask()).trial, 3);
  EXPECT_EQ(std::get<trial::Train>(strategy.ask()).trial, 2);
  for (TrialId trial = 4; trial < 8; ++trial) EXPECT_EQ(std::get<trial::Train>(strategy.ask()).trial, trial);
  strategy.tell(2, came_to(2, 2));
  strategy.tell(3, came_to(2, 3));
  for (TrialId trial = 4; trial < 8; ++trial) strategy.tell(trial, came_to(1, trial));
  const auto first = std::get<trial::Train>(strategy.ask());
  EXPECT_EQ(first.trial, 3);  // from rung 1, although 7 is better in rung 0
  EXPECT_EQ(first.until, 4);
  EXPECT_EQ(std::get<trial::Train>(strategy.ask()).trial, 7);
}

// When every trial of a rung is told before anybody asks, the promoted are those of successive halving.
RC_GTEST_PROP(AshaProperty, CompleteRungsAreSuccessiveHalving, ()) {
  const int candidates = *rc::gen::inRange(1, 40);
  const double eta = *rc::gen::element(2.0, 3.0, 4.0);
  const auto seed = *rc::gen::inRange<std::uint64_t>(0, 1000);
  const auto metric = [&](TrialId trial, double resource) {  // coarse, so that there are ties
    return std::floor(6 * base::Random(seed, static_cast<std::uint64_t>(100 * trial + resource)).uniform());
  };
  Asha strategy = asha(options(candidates, 16, eta));
  std::vector<TrialId> expected(static_cast<std::size_t>(candidates));
  for (TrialId trial = 0; trial < candidates; ++trial) expected[static_cast<std::size_t>(trial)] = trial;
  while (true) {
    std::vector<trial::Train> batch;
    trial::Decision decision = strategy.ask();
    for (; std::holds_alternative<trial::Train>(decision); decision = strategy.ask())
      batch.push_back(std::get<trial::Train>(decision));
    if (batch.empty()) {
      RC_ASSERT(std::get<trial::Finish>(decision).winner == expected.front());
      return;
    }
    RC_ASSERT(std::holds_alternative<trial::Wait>(decision));
    std::vector<TrialId> trained;
    for (const auto& train : batch) trained.push_back(train.trial);
    std::ranges::sort(trained);
    std::ranges::sort(expected);
    RC_ASSERT(trained == expected);
    std::vector<Ranked> ranked;
    for (const auto& train : batch) {
      ranked.push_back({metric(train.trial, train.until), train.trial});
      strategy.tell(train.trial, came_to(train.until, ranked.back().metric));
    }
    std::ranges::sort(ranked, better);
    const bool last = batch.front().until >= 16;
    const auto share = static_cast<std::size_t>(static_cast<double>(ranked.size()) / eta);
    ranked.resize(last ? 1 : std::max<std::size_t>(1, share));
    expected.clear();
    for (const Ranked& kept : ranked) expected.push_back(kept.trial);
  }
}

TEST(Asha, TheBestOfAThinRungTrainsToTheEnd) {
  Asha strategy = asha(options(3, 16));
  std::vector<double> untils;
  while (true) {
    const trial::Decision decision = strategy.ask();
    if (std::holds_alternative<trial::Finish>(decision)) {
      EXPECT_EQ(std::get<trial::Finish>(decision).winner, 1);
      break;
    }
    const auto& train = std::get<trial::Train>(decision);
    if (train.trial == 1) untils.push_back(train.until);
    strategy.tell(train.trial, came_to(train.until, train.trial == 1 ? 0.9 : 0.1));
  }
  EXPECT_EQ(untils, (std::vector<double>{1, 2, 16}));
}

TEST(Asha, TrialsThatFailTakePartInNoRung) {
  Asha strategy = asha(options(4, 2));
  for (int trial = 0; trial < 4; ++trial) strategy.ask();
  strategy.tell(0, {trial::Diverged{"x"}, 1, 5.0, {}, {}, {}});
  strategy.tell(1, {trial::Paused{}, 1, std::nan(""), {}, {}, {}});
  strategy.tell(2, came_to(1, 0.3));
  EXPECT_TRUE(
      std::holds_alternative<trial::Wait>(strategy.ask()));  // one in the rung: nobody is its best half
  strategy.tell(3, came_to(1, 0.2));
  EXPECT_EQ(std::get<trial::Train>(strategy.ask()).trial, 2);
  strategy.tell(2, {trial::OutOfMemory{"x"}, 1, 0.3, {}, {}, {}});
  EXPECT_EQ(std::get<trial::Train>(strategy.ask()).trial, 3);  // the best that is left
  strategy.tell(3, {trial::Failed{1, "x"}, 1, 0.2, {}, {}, {}});
  EXPECT_EQ(std::get<trial::Finish>(strategy.ask()).winner, std::nullopt);
}

TEST(Asha, TheSamplerHearsOfEveryRung) {
  std::vector<std::pair<int, sampler::Observation>> heard;
  Asha strategy(one_real(), std::make_unique<Listening>(heard), options(2, 2));
  strategy.ask();
  strategy.ask();
  strategy.tell(1, came_to(1, 0.4));
  strategy.tell(0, {trial::Failed{1, "x"}, 0, {}, {}, {}, {}});
  strategy.ask();
  strategy.tell(1, came_to(2, 0.6));
  ASSERT_EQ(heard.size(), 3u);
  EXPECT_EQ(heard[0].first, 1);
  EXPECT_EQ(heard[1].first, 0);
  EXPECT_EQ(heard[1].second.value, std::nullopt);
  EXPECT_EQ(heard[2].second.value, 0.6);
  EXPECT_EQ(heard[2].second.resource, 2);
}

TEST(Asha, StartsASmallSpaceOnce) {
  const auto space = *space::Space::make({{"x", space::Integer{1, 3, 1, space::Scale::kLinear}, {}}});
  Asha strategy(space, *sampler::make("random", space, 1), options(64, 1));
  for (int trial = 0; trial < 3; ++trial) EXPECT_TRUE(std::holds_alternative<trial::Train>(strategy.ask()));
  EXPECT_TRUE(std::holds_alternative<trial::Wait>(strategy.ask()));
}

}  // namespace
}  // namespace sm2::strategy
