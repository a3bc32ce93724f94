// What every strategy in the table must keep, over random spaces, outcomes and numbers of workers: the
// contract in strategy/strategy.h.
#include "strategy/strategy.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace sm2::strategy {
namespace {

using trial::TrialId;

space::Space any_space() {
  const int kind = *rc::gen::inRange(0, 3);
  std::vector<space::Parameter> parameters = {
      {"batch_size", space::Categorical{{std::int64_t{16}, std::int64_t{32}, std::int64_t{64}}}, {}}};
  if (kind > 0) parameters.push_back({"learning_rate", space::Real{1e-4, 1, {}, space::Scale::kLog}, {}});
  if (kind > 1) {
    parameters.push_back({"momentum", space::Real{0.5, 0.9, 0.1, space::Scale::kLinear},
                          space::Condition{"batch_size", {space::Value(std::int64_t{16})}}});
  }
  return *space::Space::make(parameters);
}

trial::Energy any_energy() {
  return {
      {"fake", "fake", trial::Quality::kReplayed, base::Joules(*rc::gen::inRange(0, 1000)), {}, {}, {}, ""}};
}

// What an evaluation at `reached` shows.
trial::Stretch any_showing(double reached) {
  trial::Stretch stretch;
  stretch.outcome = trial::Paused{};
  stretch.reached = reached;
  stretch.metric = *rc::gen::inRange(0, 10) / 10.0;
  if (*rc::gen::inRange(0, 4) > 0) {
    stretch.energy = any_energy();
    stretch.progress.joules_per_sample = *rc::gen::inRange(1, 100);
    stretch.progress.stability = *rc::gen::inRange(0, 11) / 10.0;
  }
  return stretch;
}

struct Running {
  trial::Train train;
  double evaluated = 0;  // the resource of its last evaluation
};

// How a stretch ends that no verdict ended.
trial::Stretch any_end(const Running& running) {
  const double until = running.train.until;
  trial::Stretch stretch = any_showing(until);
  switch (*rc::gen::inRange(0, 12)) {
    case 0:
      stretch.outcome = trial::Failed{1, "x"};
      stretch.metric.reset();
      break;
    case 1:
      stretch.outcome = trial::OutOfMemory{"x"};
      break;
    case 3:
      stretch.outcome = trial::Diverged{"x"};
      break;
    case 2:
      stretch.outcome = trial::Completed{};  // by itself, before `until`
      stretch.reached = std::max(until / 2, running.evaluated);
      break;
    default:
      if (running.train.probe) stretch.reached = std::max(until / 10, running.evaluated);
  }
  return stretch;
}

// Batch sizes times learning rates, and a third parameter where `other`.
space::Space rate_space(bool other) {
  std::vector<space::Parameter> parameters = {
      {"batch_size", space::Categorical{{std::int64_t{16}, std::int64_t{64}}}, {}},
      {"learning_rate", space::Real{1e-3, 1e-1, {}, space::Scale::kLog}, {}}};
  if (other) parameters.push_back({"nesterov", space::Categorical{{false, true}}, {}});
  return *space::Space::make(parameters);
}

// A strategy, its twin, which must do the same, and what the contract says of the trials so far.
struct Game {
  space::Space space = any_space();
  Options options;
  std::size_t workers = *rc::gen::inRange<std::size_t>(1, 5);
  std::unique_ptr<Strategy> strategy, twin;
  std::map<TrialId, Running> running;
  std::map<TrialId, double> asked_for;  // the resource that was asked for last
  std::map<TrialId, double> reached;    // told
  std::set<TrialId> gone;               // dropped, or not usable
  std::set<TrialId> stopped;            // by a verdict: may win, but trains no more

  Game() {
    options.seed = *rc::gen::inRange(0, 1000);
    options.points = 2;
    options.candidates = *rc::gen::element(std::optional<int>(), std::optional(1), std::optional(40));
    options.eta = *rc::gen::element(1.5, 2.0, 3.0);
    options.resource_max = *rc::gen::element(1.0, 2.0, 9.0);
    options.resumes = *rc::gen::arbitrary<bool>();
    options.target =
        *rc::gen::element(std::optional<double>(), std::optional(2.0));  // above every metric here
  }

  // Whether the strategy takes these options: it may refuse few candidates, or programs that do not resume.
  bool make_both(const std::string& name) {
    if ((name == "sm2" || name == "sm2-classic") && space.find("learning_rate"))
      options.cycle_learning_rate = *rc::gen::arbitrary<bool>();
    using Kind = trial::Schedule::Kind;
    options.schedules.explore = *rc::gen::element(Kind::kTriangular, Kind::kTriangular2, Kind::kExpRange,
                                                  Kind::kOneCycle, Kind::kRangeTest);
    auto made = make(name, space, options);
    if (!made) {
      RC_ASSERT(options.candidates.value_or(40) <= 3 || !options.resumes ||
                (name == "pbt" && options.resource_max / options.resource_min > 1e9));
      RC_ASSERT(!made.error().message.empty());
      return false;
    }
    strategy = std::move(*made);
    twin = std::move(*make(name, space, options));
    return true;
  }

  trial::Decision ask() {
    if (running.size() == workers) return trial::Wait{};
    const trial::Decision decision = strategy->ask();
    RC_ASSERT(decision == twin->ask());  // same tells, same asks
    if (std::holds_alternative<trial::Wait>(decision) || std::holds_alternative<trial::Finish>(decision))
      RC_ASSERT(strategy->ask() == decision);
    return decision;
  }

  void begin(const trial::Train& train) {
    const bool first = !asked_for.contains(train.trial);
    RC_ASSERT(!running.contains(train.trial) && !gone.contains(train.trial) &&
              !stopped.contains(train.trial));
    RC_ASSERT(train.until > 0 && train.until <= options.resource_max);
    RC_ASSERT(first || train.until > asked_for[train.trial] || reached[train.trial] < asked_for[train.trial]);
    RC_ASSERT(space.contains(train.configuration));
    if (train.parent) {
      RC_ASSERT(first && options.resumes);
      RC_ASSERT(!running.contains(*train.parent) && !gone.contains(*train.parent));
      RC_ASSERT(reached.contains(*train.parent) && reached[*train.parent] > 0);
      RC_ASSERT(train.until > reached[*train.parent]);
    }
    asked_for[train.trial] = train.until;
    const auto before = reached.find(train.trial);
    running.emplace(train.trial, Running{train, before == reached.end() ? 0 : before->second});
  }

  void drop(const trial::Drop& dropped) {
    RC_ASSERT(!running.contains(dropped.trial));
    RC_ASSERT(!dropped.reason.empty());
    gone.insert(dropped.trial);
  }

  void finish(const trial::Finish& finished) {
    RC_ASSERT(running.empty());
    if (finished.winner) RC_ASSERT(reached.contains(*finished.winner) && !gone.contains(*finished.winner));
  }

  // Some running trial is evaluated, or comes to its end.
  void go_on() {
    RC_ASSERT(!running.empty());
    const auto at = std::next(running.begin(), *rc::gen::inRange<long>(0, static_cast<long>(running.size())));
    auto& [trial, stint] = *at;
    const double next = stint.evaluated + stint.train.until / 4;
    if (next >= stint.train.until || *rc::gen::inRange(0, 3) == 0) return tell(trial, any_end(stint));
    stint.evaluated = next;
    trial::Stretch showing = any_showing(next);
    const Verdict verdict = strategy->judge(trial, showing);
    const Verdict again = twin->judge(trial, showing);
    RC_ASSERT(verdict.action == again.action && verdict.reason == again.reason);
    if (verdict.action == trial::Action::kContinue) return;
    if (verdict.action == trial::Action::kStop) {
      RC_ASSERT(!verdict.reason.empty());
      showing.outcome = trial::Stopped{verdict.reason};
      stopped.insert(trial);
    }
    tell(trial, showing);
  }

  void tell(TrialId trial, const trial::Stretch& stretch) {
    if (!trial::usable(stretch.outcome)) gone.insert(trial);
    reached[trial] = stretch.reached;
    running.erase(trial);
    strategy->tell(trial, stretch);
    twin->tell(trial, stretch);
  }
};

void keeps_its_contract(const std::string& name, Game game) {
  if (!game.make_both(name)) return;
  for (int turn = 0;; ++turn) {
    RC_ASSERT(turn < 20000);
    const trial::Decision decision = game.ask();
    if (const auto* train = std::get_if<trial::Train>(&decision)) game.begin(*train);
    if (const auto* drop = std::get_if<trial::Drop>(&decision)) game.drop(*drop);
    if (std::holds_alternative<trial::Wait>(decision)) game.go_on();
    if (const auto* finish = std::get_if<trial::Finish>(&decision)) return game.finish(*finish);
  }
}

class StrategyContract : public ::testing::TestWithParam<std::string> {};

TEST_P(StrategyContract, IsKept) {
  EXPECT_TRUE(rc::check([] { keeps_its_contract(GetParam(), {}); }));
}

TEST_P(StrategyContract, IsKeptOverRangesOfAnyWidth) {
  EXPECT_TRUE(rc::check([] {
    Game game;
    std::tie(game.options.resource_min, game.options.resource_max) =
        *rc::gen::element(std::pair(1.0, 2e19), std::pair(1.0, 1e30), std::pair(1e-300, 1.0),
                          std::pair(1e-300, 1e300), std::pair(1.0, 1.79e308));
    game.options.candidates = 3;
    keeps_its_contract(GetParam(), std::move(game));
  }));
}

TEST(Sm2Contract, IsKeptWithATargetAndLearningRates) {
  EXPECT_TRUE(rc::check([] {
    Game game;
    game.space = rate_space(*rc::gen::arbitrary<bool>());
    game.options.candidates = *rc::gen::element(std::optional<int>(), std::optional(1));
    game.options.resumes = true;
    game.options.target = 2.0;
    keeps_its_contract("sm2", std::move(game));
  }));
}

INSTANTIATE_TEST_SUITE_P(EveryStrategy, StrategyContract, ::testing::ValuesIn(names()),
                         [](const auto& tested) {
                           std::string name = tested.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(StrategyTable, NamesTheNearestKnown) {
  const auto unknown = make("sm3", *space::Space::make({}), {});
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().message,
            fmt::format("there is no strategy 'sm3'; did you mean 'sm2'? this version has {}",
                        fmt::join(names(), ", ")));
}

}  // namespace
}  // namespace sm2::strategy
