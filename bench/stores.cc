// What a durable event costs in each store, side by side: the events of a finished trial as the study's loop appends them,
// by turns over all stores, in one run. Nothing is asserted.
//
//     stores SECONDS STORE...      a path, or postgresql://...; each gets a study of its own
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "base/clock.h"
#include "journal/stores.h"

namespace sm2 {
namespace {

using base::Seconds;

struct Tested {
  std::string name;
  std::unique_ptr<journal::Store> store;
  std::unique_ptr<journal::Journal> journal;
  std::vector<double> milliseconds;  // of each append
  int trials = 0;
  Seconds spent;
};

trial::Energy energy() {
  return {{"cpu", "cpu-model", trial::Quality::kModelled, base::Joules(12.5), base::Joules(3),
           base::Joules(1), base::Joules(0.5), ""}};
}

// A start, a checkpoint with its evaluation, and the end, with the decision that follows: three commits.
std::vector<std::vector<trial::Event>> events_of(int id, Seconds now) {
  const space::Configuration configuration = {{"batch_size", std::int64_t{64}}, {"learning_rate", 0.01}};
  const trial::Train train{id, configuration, 0, 1, {}, {}};
  return {{{now, trial::Decided{train}}, {now, trial::Launched{id, {}}}},
          {{now, trial::Checkpointed{id, "epoch-1", 1}},
           {now, trial::Evaluated{id, {1, {{"val_accuracy", 0.5}}, energy(), Seconds(1), {}}}}},
          {{now, trial::Exited{id, {trial::Completed{}, 1, 0.5, energy(), Seconds(1), {}}, ""}}}};
}

bool finish_a_trial(Tested& tested, const base::Clock& clock) {
  const Seconds begun = clock.monotonic();
  for (const auto& batch : events_of(tested.trials, clock.wall())) {
    const Seconds before = clock.monotonic();
    if (const auto appended = tested.journal->append(batch); !appended) {
      fmt::print(stderr, "{}\n", appended.error().message);
      return false;
    }
    tested.milliseconds.push_back((clock.monotonic() - before).value * 1e3);
  }
  ++tested.trials;
  tested.spent += clock.monotonic() - begun;
  return true;
}

base::Result<Tested> open(const std::string& url, std::size_t number) {
  auto store = journal::open_store(url, journal::Access::kWrite);
  if (!store) return tl::unexpected(store.error());
  auto journal = (*store)->create(fmt::format("bench-{}-{}", getpid(), number));
  if (!journal) return tl::unexpected(journal.error());
  return Tested{journal::shown_store(url), *std::move(store), *std::move(journal), {}, 0, {}};
}

double share(const std::vector<double>& sorted, double of) {
  return sorted[static_cast<std::size_t>(of * static_cast<double>(sorted.size() - 1))];
}

void print(Tested& tested) {
  std::ranges::sort(tested.milliseconds);
  fmt::print(
      "{}\n  finished trials a second  {:.0f}\n  an append, in ms          {:.3f} median, {:.3f} to {:.3f} "
      "(90 %)\n",
      tested.name, tested.trials / tested.spent.value, share(tested.milliseconds, 0.5),
      share(tested.milliseconds, 0.05), share(tested.milliseconds, 0.95));
}

int run(Seconds seconds, const std::vector<std::string>& urls) {
  const base::SystemClock clock;
  std::vector<Tested> stores;
  for (const std::string& url : urls) {
    auto tested = open(url, stores.size());
    if (!tested) return fmt::print(stderr, "{}\n", tested.error().message), 2;
    stores.push_back(*std::move(tested));
  }
  const Seconds end = clock.monotonic() + seconds;
  while (clock.monotonic() < end) {
    for (Tested& tested : stores) {
      if (!finish_a_trial(tested, clock)) return 2;
    }
  }
  for (Tested& tested : stores) print(tested);
  return 0;
}

}  // namespace
}  // namespace sm2

int main(int argc, char** argv) {
  if (argc < 3) return std::fputs("stores SECONDS STORE...\n", stderr), 2;
  return sm2::run(sm2::base::Seconds(std::atof(argv[1])), {argv + 2, argv + argc});
}
