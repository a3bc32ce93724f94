// What every strategy in the table must keep, over random spaces, outcomes and numbers of workers: the
// contract in strategy/strategy.h.
#include "strategy/strategy.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <set>

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

trial::Stretch any_stretch(const trial::Train& train) {
  trial::Stretch stretch;
  stretch.reached = train.until;
  switch (*rc::gen::inRange(0, 12)) {
    case 0:
      stretch.outcome = trial::Failed{1, "x"};
      return stretch;
    case 1:
      stretch.outcome = trial::OutOfMemory{"x"};
      return stretch;
    case 2:
      stretch.outcome = trial::Completed{};  // by itself, before `until`
      stretch.reached = train.until / 2;
      break;
    default:
      stretch.outcome = trial::Paused{};
      if (train.probe) stretch.reached = train.until / 10;
  }
  stretch.metric = *rc::gen::inRange(0, 10) / 10.0;
  if (*rc::gen::inRange(0, 4) > 0) {
    stretch.energy = {{"fake",
                       "fake",
                       trial::Quality::kReplayed,
                       base::Joules(*rc::gen::inRange(0, 1000)),
                       {},
                       {},
                       {},
                       ""}};
    stretch.progress.joules_per_sample = *rc::gen::inRange(1, 100);
    stretch.progress.stability = *rc::gen::inRange(0, 11) / 10.0;
  }
  return stretch;
}

void keeps_its_contract(const std::string& name) {
  const space::Space space = any_space();
  Options options;
  options.seed = *rc::gen::inRange(0, 1000);
  options.points = 2;
  options.resource_max = *rc::gen::element(1.0, 2.0, 9.0);
  options.resumes = *rc::gen::arbitrary<bool>();
  const auto workers = *rc::gen::inRange<std::size_t>(1, 5);
  const auto made = make(name, space, options);
  RC_ASSERT(made.has_value());
  const auto twin = *make(name, space, options);

  std::map<TrialId, trial::Train> running;
  std::map<TrialId, double> reached_for;
  std::set<TrialId> gone;
  for (int turn = 0;; ++turn) {
    RC_ASSERT(turn < 5000);
    const trial::Decision decision =
        running.size() < workers ? (*made)->ask() : trial::Decision(trial::Wait{});
    if (running.size() < workers) RC_ASSERT(decision == twin->ask());  // same tells, same asks
    if (std::holds_alternative<trial::Wait>(decision)) {
      if (running.size() < workers) RC_ASSERT((*made)->ask() == decision);
      RC_ASSERT(!running.empty());
      const auto ended =
          std::next(running.begin(), *rc::gen::inRange<long>(0, static_cast<long>(running.size())));
      const trial::Stretch stretch = any_stretch(ended->second);
      if (!trial::usable(stretch.outcome)) gone.insert(ended->first);
      (*made)->tell(ended->first, stretch);
      twin->tell(ended->first, stretch);
      running.erase(ended);
    } else if (const auto* train = std::get_if<trial::Train>(&decision)) {
      RC_ASSERT(!running.contains(train->trial) && !gone.contains(train->trial));
      RC_ASSERT(train->until <= options.resource_max);
      RC_ASSERT(train->until > reached_for[train->trial] || !reached_for.contains(train->trial) ||
                train->rung == 0);
      RC_ASSERT(space.contains(train->configuration));
      reached_for[train->trial] = train->until;
      running.emplace(train->trial, *train);
    } else if (const auto* drop = std::get_if<trial::Drop>(&decision)) {
      RC_ASSERT(!running.contains(drop->trial));
      RC_ASSERT(!drop->reason.empty());
      gone.insert(drop->trial);
    } else {
      const auto winner = std::get<trial::Finish>(decision).winner;
      RC_ASSERT(running.empty());
      RC_ASSERT((*made)->ask() == decision);
      if (winner) RC_ASSERT(reached_for.contains(*winner) && !gone.contains(*winner));
      return;
    }
  }
}

class StrategyContract : public ::testing::TestWithParam<std::string> {};

TEST_P(StrategyContract, IsKept) {
  rc::check([] { keeps_its_contract(GetParam()); });
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
            "there is no strategy 'sm3'; did you mean 'sm2'? this version has sm2, sm2-classic, "
            "successive-halving, random, "
            "grid");
}

}  // namespace
}  // namespace sm2::strategy
