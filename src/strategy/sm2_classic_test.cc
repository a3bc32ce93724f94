#include "strategy/sm2_classic.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/match.h"
#include "strategy/candidates.h"

namespace sm2::strategy {
namespace {

using trial::TrialId;

space::Space batch_sizes(int count) {
  space::Categorical domain;
  for (std::int64_t k = 0; k < count; ++k) domain.values.emplace_back(std::int64_t{8} << k);
  return *space::Space::make({{"batch_size", domain, {}}});
}

// A random but fixed study: metric of a trial at a resource, on a coarse scale so that ties happen, and
// failures.
struct World {
  std::uint64_t seed;
  double failures;

  double number(TrialId trial, double resource) const {
    return base::Random(seed, static_cast<std::uint64_t>(trial) * 1000 + static_cast<std::uint64_t>(resource))
        .uniform();
  }
  trial::Stretch train(const trial::Train& train) const {
    trial::Stretch stretch;
    stretch.outcome = trial::Paused{};
    stretch.reached = train.until;
    stretch.energy = {{"fake",
                       "fake",
                       trial::Quality::kReplayed,
                       base::Joules(10 + 100 * number(train.trial, 77)),
                       {},
                       {},
                       {},
                       ""}};
    stretch.progress.stability = number(train.trial, 88);
    if (number(train.trial, train.until + 500) < failures) {
      stretch.outcome = trial::Failed{1, ""};
    } else {
      stretch.metric = std::round(number(train.trial, train.until) * 20) / 20;
    }
    return stretch;
  }
};

struct Race {
  std::map<int, std::vector<TrialId>> rungs;  // who trained in each, sorted
  std::optional<TrialId> winner;
  bool operator==(const Race&) const = default;
};

Race run(Strategy& strategy, const World& world) {
  Race race;
  while (true) {
    const trial::Decision decision = strategy.ask();
    if (const auto* finish = std::get_if<trial::Finish>(&decision)) {
      race.winner = finish->winner;
      break;
    }
    if (const auto* train = std::get_if<trial::Train>(&decision)) {
      race.rungs[train->rung].push_back(train->trial);
      strategy.tell(train->trial, world.train(*train));
    }
  }
  for (auto& [rung, trials] : race.rungs) std::ranges::sort(trials);
  return race;
}

// Successive halving as a textbook has it.
Race textbook(std::vector<TrialId> left, const World& world, double min, double max) {
  Race race;
  for (int rung = 0; !left.empty(); ++rung) {
    const double until = left.size() == 1 ? max : std::min(max, min * std::pow(2, rung));
    race.rungs[rung] = left;
    std::vector<std::pair<double, TrialId>> ranked;
    for (const TrialId trial : left) {
      const auto stretch = world.train({trial, {}, rung, until, {}, {}});
      if (stretch.metric) ranked.emplace_back(*stretch.metric, trial);
    }
    std::ranges::stable_sort(ranked, std::greater<>(), [](const auto& pair) { return pair.first; });
    const std::size_t keep = std::max<std::size_t>(1, ranked.size() / 2);
    // Order within a rung decides ties: the best first, as the rung before ranked them.
    std::vector<TrialId> next;
    for (std::size_t k = 0; k < std::min(keep, ranked.size()); ++k) next.push_back(ranked[k].second);
    if (until >= max) {
      if (!ranked.empty()) race.winner = ranked.front().second;
      break;
    }
    left = next;
  }
  for (auto& [rung, trials] : race.rungs) std::ranges::sort(trials);
  return race;
}

RC_GTEST_PROP(Sm2ClassicProperty, WithoutWeightsItIsSuccessiveHalving, ()) {
  const int count = *rc::gen::inRange(1, 20);
  const World world{*rc::gen::arbitrary<std::uint64_t>(), *rc::gen::element(0.0, 0.1, 0.5)};
  Options options;
  options.seed = *rc::gen::arbitrary<std::uint32_t>();
  options.candidates = count;
  options.resource_max = *rc::gen::element(1.0, 4.0, 16.0);
  options.weights = {
      .energy = 0, .stability = 0, .guard = *rc::gen::element(std::optional<double>(), std::optional(0.1))};
  const space::Space space = batch_sizes(count);

  const auto classic = *make("sm2-classic", space, options);
  const auto halving = *make("successive-halving", space, options);
  const Race of_classic = run(*classic, world);
  RC_ASSERT(of_classic == run(*halving, world));

  std::vector<TrialId> all(static_cast<std::size_t>(count));
  for (int k = 0; k < count; ++k) all[static_cast<std::size_t>(k)] = k;
  const Race expected = textbook(all, world, options.resource_min, options.resource_max);
  RC_ASSERT(of_classic.rungs == expected.rungs);
  RC_ASSERT(of_classic.winner == expected.winner);
}

space::Space with_rate() {
  return *space::Space::make({{"batch_size", space::Categorical{{std::int64_t{16}, std::int64_t{32}}}, {}},
                              {"learning_rate", space::Real{1e-3, 1, {}, space::Scale::kLog}, {}}});
}

using Kind = trial::Schedule::Kind;

Options cycled(Kind explore, double max = 8) {
  Options options;
  options.cycle_learning_rate = true;
  options.resource_max = max;
  options.schedules.explore = explore;
  return options;
}

// What a study of two batch sizes trains, where every stretch is stable at 1e-4 to 0.1 and the larger batch is better.
std::vector<trial::Train> trained(const Options& options, const char* name = "sm2-classic") {
  const auto strategy = *make(name, with_rate(), options);
  std::vector<trial::Train> trains;
  while (true) {
    const trial::Decision decision = strategy->ask();
    if (std::holds_alternative<trial::Finish>(decision)) return trains;
    const auto* train = std::get_if<trial::Train>(&decision);
    if (!train) continue;
    trains.push_back(*train);
    trial::Stretch stretch;
    stretch.outcome = trial::Paused{};
    stretch.reached = train->until;
    stretch.metric = space::as_number(train->configuration.at("batch_size"));
    stretch.progress.stable_rates = trial::RateBounds{1e-4, 0.1};
    strategy->tell(train->trial, stretch);
  }
}

trial::Schedule laid(Kind kind, double low, double high, double start, double cycle, bool log = true) {
  trial::Schedule schedule{kind, low, high, start, cycle};
  schedule.log = log;
  return schedule;
}

double rate_of(const trial::Train& train) {
  return std::get<double>(train.configuration.at("learning_rate"));
}

TEST(Sm2Classic, CyclesTheRateNarrowsItsBoundsAndEndsOnACosine) {
  const auto trains = trained(cycled(Kind::kTriangular));
  ASSERT_EQ(trains.size(), 3u);
  for (const std::size_t first : {0u, 1u}) {
    EXPECT_EQ(trains[first].schedule, laid(Kind::kTriangular, 1e-3, 1, 0, 1));
    EXPECT_NEAR(rate_of(trains[first]), 0.0316, 1e-4);
  }
  EXPECT_EQ(trains[2].schedule, laid(Kind::kCosine, 1e-3, 0.1, 1, 7, false));
  EXPECT_NEAR(rate_of(trains[2]), 0.01, 1e-9);
}

TEST(Sm2Classic, ExploresAndEndsAsItIsTold) {
  for (const Kind explore : {Kind::kTriangular2, Kind::kExpRange}) {
    Options options = cycled(explore);
    options.schedules.cycle = 0.25;
    options.schedules.gamma = 0.7;
    options.schedules.last = Kind::kOneCycle;
    const auto trains = trained(options);
    auto first = laid(explore, 1e-3, 1, 0, 0.25);
    if (explore == Kind::kExpRange) first.gamma = 0.7;
    EXPECT_EQ(trains.front().schedule, first);
    EXPECT_EQ(trains.back().schedule, laid(Kind::kOneCycle, 1e-3, 0.1, 1, 7, false));
  }
}

TEST(Sm2Classic, AConstantEndIsAtTheRateThatItsCommandNames) {
  Options options = cycled(Kind::kTriangular);
  options.schedules.last = Kind::kConstant;
  const trial::Train last = trained(options).back();
  EXPECT_EQ(last.schedule, laid(Kind::kConstant, rate_of(last), rate_of(last), 1, 7, false));
  EXPECT_NEAR(rate_of(last), 0.01, 1e-9);
}

TEST(Sm2Classic, AOneCycleIsAsLongAsItsRung) {
  Options options = cycled(Kind::kOneCycle, 64);
  options.resource_min = 3;
  std::map<int, trial::Schedule> rungs;
  for (const trial::Train& train : trained(options)) rungs[train.rung] = *train.schedule;
  EXPECT_EQ(rungs.at(0), laid(Kind::kOneCycle, 1e-3, 1, 0, 3));
}

space::Space eight_sizes_with_rate() {
  space::Categorical sizes;
  for (std::int64_t k = 0; k < 8; ++k) sizes.values.emplace_back(std::int64_t{8} << k);
  return *space::Space::make(
      {{"batch_size", sizes, {}}, {"learning_rate", space::Real{1e-3, 1, {}, space::Scale::kLinear}, {}}});
}

TEST(Sm2Classic, LaterCyclesRunBetweenBoundsThatTheRungsBeforeNarrowed) {
  for (const Kind explore : {Kind::kTriangular, Kind::kTriangular2, Kind::kExpRange, Kind::kOneCycle}) {
    const auto strategy = *make("sm2-classic", eight_sizes_with_rate(), cycled(explore, 100));
    double stable = 0.5;
    std::map<int, trial::Train> rungs;
    for (trial::Decision decision = strategy->ask(); !std::holds_alternative<trial::Finish>(decision);
         decision = strategy->ask()) {
      const auto* train = std::get_if<trial::Train>(&decision);
      if (!train) continue;
      if (!rungs.contains(train->rung)) stable /= 2;
      rungs[train->rung] = *train;
      trial::Stretch stretch;
      stretch.outcome = trial::Paused{};
      stretch.reached = train->until;
      stretch.metric = space::as_number(train->configuration.at("batch_size"));
      stretch.progress.stable_rates = trial::RateBounds{1e-4, stable};
      strategy->tell(train->trial, stretch);
    }
    ASSERT_EQ(rungs.size(), 4u);
    for (const auto& [rung, high] : std::map<int, double>{{0, 1}, {1, 0.25}, {2, 0.125}, {3, 0.0625}}) {
      EXPECT_EQ(rungs[rung].schedule->high, high) << trial::name(explore);
      EXPECT_EQ(rungs[rung].schedule->low, 1e-3);
      EXPECT_FALSE(rungs[rung].schedule->log);
      EXPECT_EQ(rungs[rung].schedule->kind, rung == 3 ? Kind::kCosine : explore);
    }
    EXPECT_EQ(rungs[2].schedule->cycle, explore == Kind::kOneCycle ? 2 : 1);
  }
}

TEST(Sm2Classic, AfterARangeTestCandidatesStartAfreshBetweenTheirOwnBounds) {
  for (const char* name : {"sm2-classic", "sm2"}) {
    Options options = cycled(Kind::kRangeTest);
    options.resource_min = 2;
    std::vector<trial::Train> trains = trained(options, name);
    if (std::string_view(name) == "sm2") trains.erase(trains.begin(), trains.begin() + 2);  // probes
    std::set<TrialId> tests;
    for (const std::size_t at : {0u, 1u}) {
      if (std::string_view(name) == "sm2") break;  // the probes reached the end of the rise
      EXPECT_EQ(trains[at].schedule, laid(Kind::kRangeTest, 1e-3, 1, 0, 2));
      EXPECT_EQ(trains[at].until, 2);
      tests.insert(trains[at].trial);
    }
    const std::size_t race = std::string_view(name) == "sm2" ? 0 : 2;
    ASSERT_EQ(trains.size(), race + 3) << name;
    for (const std::size_t at : {race, race + 1}) {
      EXPECT_EQ(trains[at].schedule, laid(Kind::kTriangular, 1e-3, 0.1, 0, 1)) << name;
      EXPECT_GE(trains[at].trial, 2);
      EXPECT_NEAR(rate_of(trains[at]), 0.01, 1e-9);
    }
    EXPECT_EQ(trains.back().schedule, laid(Kind::kCosine, 1e-3, 0.1, 2, 6, false));
  }
}

TEST(Sm2Classic, ACycleNeedsARateToCycle) {
  Options options;
  options.cycle_learning_rate = true;
  EXPECT_FALSE(make("sm2-classic", batch_sizes(3), options));
}

TEST(Candidates, BatchSizesTakeTurnsAndNothingIsDrawnTwice) {
  const auto drawn = draw_candidates(with_rate(), 8, 3);
  ASSERT_EQ(drawn.size(), 8u);
  for (std::size_t k = 0; k < drawn.size(); ++k) {
    EXPECT_EQ(space::as_number(drawn[k].at("batch_size")), k % 2 == 0 ? 16 : 32);
  }
  EXPECT_EQ(draw_candidates(batch_sizes(3), 10, 1).size(), 3u);
  EXPECT_EQ(draw_candidates(batch_sizes(10), 4, 1).size(), 4u);
}

}  // namespace
}  // namespace sm2::strategy
