#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <mutex>
#include <set>
#include <thread>

#include "sm2/tuner.h"

namespace sm2 {
namespace {

Space rates() { return Space().add("rate", log_range(1e-4, 1)).add("batch_size", choice({16, 32, 64})); }

double after(double rate, double epochs) {
  return (1 - std::abs(std::log10(rate) + 2) / 4) * epochs / (epochs + 2);
}

// Trains from where the trial stands, an epoch at a time, and checks that its state is there.
void train(Tuner::Trial& trial) {
  double epochs = trial.from();
  if (epochs > 0) {
    EXPECT_EQ(std::any_cast<double>(trial.state()), epochs);
  }
  do {
    trial.state() = ++epochs;
  } while (trial.report(epochs, after(trial.number("rate"), epochs), {.joules = epochs - trial.from()}));
  EXPECT_LE(epochs, trial.until());
}

class EveryStrategy : public ::testing::TestWithParam<std::string> {};

TEST_P(EveryStrategy, TunesAFunctionWithAnyNumberOfWorkers) {
  for (const int workers : {1, 3}) {
    Settings settings{.strategy = GetParam(), .seed = 5, .resource_max = 9, .workers = workers};
    if (GetParam() != "grid") settings.trials = 12;
    const Result result = tune(train, rates(), settings);
    ASSERT_TRUE(result.best);
    EXPECT_TRUE(result.best->decided);
    EXPECT_GT(result.best->value, 0);
    ASSERT_TRUE(result.joules);
    double epochs = 0;
    for (const TrialRecord& trial : result.trials) {
      EXPECT_NE(trial.state, TrialState::kRunning);
      EXPECT_NE(trial.state, TrialState::kFailed) << trial.reason;
      EXPECT_LE(trial.resource, 9);
      epochs += trial.joules.value_or(0);
    }
    EXPECT_DOUBLE_EQ(*result.joules, epochs);
  }
}

INSTANTIATE_TEST_SUITE_P(Of, EveryStrategy, ::testing::ValuesIn(strategies()), [](const auto& tested) {
  std::string name = tested.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST(Run, AFunctionMayReturnItsValueInstead) {
  const Result result = tune([](Tuner::Trial& trial) { return trial.number("x"); },
                             Space().add("x", choice({1, 2, 3})), {.strategy = "grid"});
  EXPECT_EQ(result.best->value, 3);
}

TEST(Run, AFunctionThatThrowsFailsItsTrialOnly) {
  const auto function = [](Tuner::Trial& trial) {
    if (trial.integer("x") == 3) throw std::runtime_error("out of memory");
    return trial.number("x");
  };
  const Result result = tune(function, Space().add("x", choice({1, 2, 3})), {.strategy = "grid"});
  EXPECT_EQ(result.best->value, 2);
  EXPECT_EQ(result.trials[2].state, TrialState::kFailed);
  EXPECT_EQ(result.trials[2].reason, "out of memory");
}

TEST(Run, WhereAskedForAnExceptionEndsTheSearch) {
  for (const int workers : {1, 4}) {
    std::atomic<int> calls = 0;
    const auto function = [&](Tuner::Trial&) -> double {
      ++calls;
      throw std::range_error("x");
    };
    EXPECT_THROW(
        tune(function, rates(), {.strategy = "random", .trials = 100, .workers = workers, .rethrow = true}),
        std::range_error);
    EXPECT_LE(calls, workers);
  }
}

TEST(Run, WhatIsNoStdExceptionAlwaysEndsTheSearch) {
  EXPECT_THROW(tune([](Tuner::Trial&) -> double { throw 7; }, rates(), {.strategy = "random", .workers = 2}),
               int);
}

TEST(Run, AFunctionWithoutAValueFailsItsTrial) {
  const Result result = tune([](Tuner::Trial&) {}, rates(), {.strategy = "random", .trials = 2});
  EXPECT_FALSE(result.best);
  EXPECT_EQ(result.trials[0].state, TrialState::kFailed);
}

TEST(Run, WorkersRunAtTheSameTime) {
  std::mutex mutex;
  std::set<std::thread::id> threads;
  std::atomic<int> inside = 0;
  const auto function = [&](Tuner::Trial&) {
    {
      const std::lock_guard lock(mutex);
      threads.insert(std::this_thread::get_id());
    }
    ++inside;
    while (inside < 3) std::this_thread::yield();  // nobody leaves before three have come
    return 1.0;
  };
  tune(function, rates(), {.strategy = "random", .trials = 3, .workers = 3});
  EXPECT_EQ(threads.size(), 3u);
}

TEST(Run, RungsChooseTheSameWithAnyNumberOfWorkers) {
  const auto best = [](int workers) {
    return tune(train, rates(),
                {.strategy = "successive-halving", .trials = 24, .resource_max = 8, .workers = workers})
        .best->parameters;
  };
  EXPECT_EQ(best(1), best(5));
}

}  // namespace
}  // namespace sm2
