// Finished trials a second, durable: study::Study on a real store, with programs that end at once, by turns with what the disk
// beneath the store syncs by itself. Lines of JSON, one for each store, number of workers and kind of program.
//
//     studies ROUNDS TRIALS FOLDER STORE...   TRIALS in each of ROUNDS turns; FOLDER: on the same disk as the stores
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "bench/programs.h"
#include "bench/setup.h"
#include "journal/stores.h"
#include "study/study.h"

namespace sm2::bench {
namespace {

using base::Seconds;

struct Case {
  std::string store;  // shown
  int workers;
  config::Spec spec;
  std::unique_ptr<journal::Journal> journal;
  std::vector<double> trials_per_second = {};  // of each turn
  std::size_t commits = 0, trials = 0;
};

double share(std::vector<double> values, double of) {
  std::ranges::sort(values);
  return values[static_cast<std::size_t>(of * static_cast<double>(values.size() - 1))];
}

// Milliseconds of one page written and synced over and over, as a log of fixed size is.
class Disk {
 public:
  explicit Disk(const std::string& folder)
      : path_(folder + "/sync-probe"), file_(open(path_.c_str(), O_RDWR | O_CREAT, 0600)) {
    for (int page = 0; page < kPages; ++page) write(page);
    fsync(file_);
  }
  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;
  ~Disk() {
    close(file_);
    unlink(path_.c_str());
  }

  void sync(int times) {
    for (int time = 0; time < times; ++time) {
      const Seconds before = clock_.monotonic();
      write(next_++ % kPages);
      fdatasync(file_);
      milliseconds.push_back((clock_.monotonic() - before).value * 1e3);
    }
  }

  std::vector<double> milliseconds;

 private:
  static constexpr int kPages = 1000;
  void write(int page) { static_cast<void>(!pwrite(file_, page_.data(), page_.size(), page * 4096L)); }

  std::string path_;
  int file_;
  int next_ = 0;
  std::string page_ = std::string(4096, 'x');
  base::SystemClock clock_;
};

// So many more trials of the study, which is left in order and gone on with at the next turn.
bool take_a_turn(Case& one, std::size_t trials) {
  const base::SystemClock clock;
  Programs programs(clock, Seconds(0), [](Seconds) {});
  SteadyMeter meter(clock);
  CountingJournal journal(one.journal.get());
  const auto strategy = strategy::make(one.spec.strategy, one.spec.space, one.spec.options).value();
  std::size_t finished = 0, commits_before = 0;
  Seconds begun, ended;
  const auto count = [&](const trial::Event& event, const journal::StudyState&) {
    if (std::holds_alternative<trial::Opened>(event.body)) begun = clock.monotonic();
    if (!std::holds_alternative<trial::Exited>(event.body) || ++finished != trials) return;
    ended = clock.monotonic();
    commits_before = journal.commits;
  };
  study::Setup setup{one.spec, *strategy, programs, meter, journal, clock, "/nowhere", one.workers};
  setup.observe = count;
  setup.interruptions = [&] { return finished >= trials ? 1 : 0; };
  study::Study study(std::move(setup));
  const auto conclusion = study.run();
  if (!conclusion) return fmt::print(stderr, "{}\n", conclusion.error().message), false;
  one.trials_per_second.push_back(static_cast<double>(trials) / (ended - begun).value);
  one.commits += commits_before;
  one.trials += trials;
  return true;
}

void print(const Case& one, const Disk& disk) {
  const double sync = share(disk.milliseconds, 0.5);
  const double rate = share(one.trials_per_second, 0.5);
  const double commits = static_cast<double>(one.commits) / static_cast<double>(one.trials);
  fmt::print(
      "{{\"store\": \"{}\", \"workers\": {}, \"client\": {}, \"trials_per_second\": {:.0f}, \"low\": {:.0f}, "
      "\"high\": {:.0f}, "
      "\"commits_per_trial\": {:.2f}, \"sync_ms\": {:.3f}, \"of_the_disk\": {:.2f}}}\n",
      one.store, one.workers, !one.spec.pattern, rate, share(one.trials_per_second, 0.25),
      share(one.trials_per_second, 0.75), commits, sync, rate * commits * sync / 1e3);
}

int run(int rounds, int trials, const std::string& folder, const std::vector<std::string>& urls) {
  std::vector<std::unique_ptr<journal::Store>> stores;
  std::vector<Case> cases;
  for (const std::string& url : urls) {
    auto store = journal::open_store(url, journal::Access::kWrite);
    if (!store) return fmt::print(stderr, "{}\n", store.error().message), 2;
    for (const int workers : {1, 4}) {
      for (const bool client : {true, false}) {
        auto journal = (*store)->create(fmt::format("{}-{}-{}", getpid(), workers, client));
        if (!journal) return fmt::print(stderr, "{}\n", journal.error().message), 2;
        const bool file = url.find("://") == url.npos;
        cases.push_back({file ? "sqlite" : "postgresql", workers,
                         study_of({"random", rounds * (trials + workers) + 1, 1, client}),
                         *std::move(journal)});
      }
    }
    stores.push_back(*std::move(store));
  }
  Disk disk(folder);
  for (int round = 0; round < rounds; ++round) {
    for (Case& one : cases) {
      disk.sync(50);
      if (!take_a_turn(one, static_cast<std::size_t>(trials))) return 2;
    }
  }
  for (const Case& one : cases) print(one, disk);
  return 0;
}

}  // namespace
}  // namespace sm2::bench

int main(int argc, char** argv) {
  if (argc < 5) return std::fputs("studies ROUNDS TRIALS FOLDER STORE...\n", stderr), 2;
  return sm2::bench::run(std::atoi(argv[1]), std::atoi(argv[2]), argv[3], {argv + 4, argv + argc});
}
