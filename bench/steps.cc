// The steps that every event of a study takes, each at studies of growing age (the argument: trials before): the fold, the stored
// form, an append to SQLite, a program's message, and a strategy's ask and tell. Google Benchmark; its options are on the command
// line.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <filesystem>

#include "bench/setup.h"
#include "journal/codec.h"
#include "journal/state.h"
#include "journal/stores.h"
#include "runner/protocol.h"
#include "strategy/strategy.h"

namespace sm2::bench {
namespace {

using base::Joules;
using base::Seconds;

trial::Energy energy() {
  return {
      {"cpu", "cpu-model", trial::Quality::kModelled, Joules(12.5), Joules(3), Joules(1), Joules(0.5), ""}};
}

// From the decision to the end, one evaluation.
std::vector<trial::Event> finished_trial(int id) {
  const Seconds now(1.8e9);
  const space::Configuration configuration = {{"batch_size", std::int64_t{64}}, {"learning_rate", 0.01}};
  return {{now, trial::Decided{trial::Train{id, configuration, 0, 1, {}, {}}}},
          {now, trial::Launched{id, {}}},
          {now, trial::Evaluated{id, {1, {{"accuracy", 0.5}}, energy(), Seconds(1), {}}}},
          {now, trial::Exited{id, {trial::Completed{}, 1, 0.5, energy(), Seconds(1), {}}, ""}}};
}

void apply(journal::StudyState& state, int id) {
  for (const trial::Event& event : finished_trial(id)) state.apply(event);
}

void Fold(benchmark::State& state) {
  journal::StudyState study;
  int id = 0;
  while (id < state.range(0)) apply(study, id++);
  for (auto each : state) {
    state.PauseTiming();
    const auto events = finished_trial(id++);
    state.ResumeTiming();
    for (const trial::Event& event : events) study.apply(event);
  }
}
BENCHMARK(Fold)->RangeMultiplier(100)->Range(10, 1'000'000)->Iterations(2000);

void Encode(benchmark::State& state) {
  const auto events = finished_trial(1);
  for (auto each : state) {
    for (const trial::Event& event : events) benchmark::DoNotOptimize(journal::encode(event.body));
  }
}
BENCHMARK(Encode);

// Where a sync costs nothing, so that it is what the store itself takes.
void AppendToSqlite(benchmark::State& state) {
  const std::filesystem::path file = "/dev/shm/sm2-bench-steps.db";
  const auto remove = [&] {
    for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(file.string() + end);
  };
  remove();
  const auto store = journal::open_store(file.string(), journal::Access::kWrite).value();
  const auto journal = store->create("steps").value();
  int id = 0;
  bool stored = true;
  while (id < state.range(0)) stored = stored && journal->append(finished_trial(id++));
  for (auto each : state) stored = stored && journal->append(finished_trial(id++));
  if (!stored) state.SkipWithError("the store fails");
  remove();
}
BENCHMARK(AppendToSqlite)->RangeMultiplier(100)->Range(10, 100'000)->Iterations(5000);

void ParseEvaluation(benchmark::State& state) {
  for (auto each : state)
    benchmark::DoNotOptimize(
        runner::parse(R"({"epoch": 3, "accuracy": 0.8125, "loss": 0.41})", "accuracy", "epoch"));
}
BENCHMARK(ParseEvaluation);

// The next decision, and what came of it at once. False where the strategy has come to its end.
bool ask_and_tell(strategy::Strategy& strategy, base::Random& random) {
  trial::Decision decision = strategy.ask();
  while (std::holds_alternative<trial::Drop>(decision)) decision = strategy.ask();
  const auto* train = std::get_if<trial::Train>(&decision);
  if (!train) return false;
  const bool whole = train->until >= 64;
  const trial::Outcome outcome = whole ? trial::Outcome(trial::Completed{}) : trial::Outcome(trial::Paused{});
  strategy.tell(train->trial, {outcome, train->until, random.uniform(), energy(), Seconds(1), {}});
  return true;
}

void AskAndTell(benchmark::State& state, const std::string& name) {
  config::Spec spec = study_of({name, 64, 64, true});
  spec.options.candidates = 2'000'000;
  const auto strategy = strategy::make(spec.strategy, spec.space, spec.options).value();
  base::Random random(1);
  bool more = true;
  for (int age = 0; age < state.range(0); ++age) more = more && ask_and_tell(*strategy, random);
  for (auto each : state) more = more && ask_and_tell(*strategy, random);
  if (!more) state.SkipWithError("it has come to its end");
}
BENCHMARK_CAPTURE(AskAndTell, random, "random")->RangeMultiplier(100)->Range(10, 1'000'000)->Iterations(2000);
BENCHMARK_CAPTURE(AskAndTell, asha, "asha")->RangeMultiplier(100)->Range(10, 1'000'000)->Iterations(2000);
BENCHMARK_CAPTURE(AskAndTell, hyperband, "hyperband")
    ->RangeMultiplier(100)
    ->Range(10, 1'000'000)
    ->Iterations(2000);
BENCHMARK_CAPTURE(AskAndTell, evolution, "evolution")
    ->RangeMultiplier(100)
    ->Range(10, 1'000'000)
    ->Iterations(2000);
BENCHMARK_CAPTURE(AskAndTell, cmaes, "cmaes")->RangeMultiplier(100)->Range(10, 1'000'000)->Iterations(2000);
BENCHMARK_CAPTURE(AskAndTell, reinforce, "reinforce")
    ->RangeMultiplier(100)
    ->Range(10, 1'000'000)
    ->Iterations(2000);
BENCHMARK_CAPTURE(AskAndTell, tpe, "tpe")->RangeMultiplier(10)->Range(10, 10'000)->Iterations(200);
BENCHMARK_CAPTURE(AskAndTell, bohb, "bohb")->RangeMultiplier(10)->Range(10, 10'000)->Iterations(200);

}  // namespace
}  // namespace sm2::bench

BENCHMARK_MAIN();
