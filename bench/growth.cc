// What a study costs as it grows: runs one, or goes on with it, to each of so many trials, with programs that end at once. Lines of
// JSON: microseconds of the last tenth's trials, the memory that the process holds, the size of the store. On a disk that costs
// nothing, as /dev/shm, it is what the tuner itself takes. The study is left unfinished, for sm2 tune to go on with.
//
//     growth STORE STUDY.toml TRIALS...
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "bench/programs.h"
#include "bench/setup.h"
#include "config/study_file.h"
#include "journal/stores.h"
#include "study/study.h"

namespace sm2::bench {
namespace {

using base::Seconds;

double store_mb(const std::string& store) {
  double bytes = 0;
  for (const char* end : {"", "-wal"}) {
    std::error_code error;
    const auto size = std::filesystem::file_size(store + end, error);
    if (!error) bytes += static_cast<double>(size);
  }
  return bytes / 1e6;
}

class Growth {
 public:
  Growth(std::string store, std::vector<std::size_t> ages)
      : store_(std::move(store)), ages_(std::move(ages)) {}

  // An exit is a trial's end here.
  void see(const trial::Event& event) {
    if (!std::holds_alternative<trial::Exited>(event.body) || done()) return;
    const std::size_t age = ages_[at_];
    const std::size_t last = std::max<std::size_t>(1, age / 10);
    ++trials_;
    if (trials_ == age - last) since_ = clock_.monotonic();
    if (trials_ == age) print(age, (clock_.monotonic() - since_) / static_cast<double>(last));
  }
  bool done() const { return at_ == ages_.size(); }

 private:
  void print(std::size_t age, Seconds each) {
    fmt::print(
        "{{\"trials\": {}, \"microseconds\": {:.1f}, \"resident_mb\": {:.1f}, \"store_mb\": {:.2f}}}\n", age,
        each.value * 1e6, resident_mb("VmRSS"), store_mb(store_));
    std::fflush(stdout);
    ++at_;
  }

  base::SystemClock clock_;
  std::string store_;
  std::vector<std::size_t> ages_;
  std::size_t at_ = 0, trials_ = 0;
  Seconds since_ = clock_.monotonic();
};

int run(const std::string& url, const std::string& file, std::vector<std::size_t> ages) {
  const auto spec = config::read_study(file);
  if (!spec) return fmt::print(stderr, "{}\n", spec.error().message), 2;
  const auto store = journal::open_store(url, journal::Access::kWrite);
  const auto journal = store ? (*store)->create(spec->name) : tl::unexpected(store.error());
  if (!journal) return fmt::print(stderr, "{}\n", journal.error().message), 2;
  const auto strategy = strategy::make(spec->strategy, spec->space, spec->options);
  if (!strategy) return fmt::print(stderr, "{}\n", strategy.error().message), 2;
  const base::SystemClock clock;
  Programs programs(clock, Seconds(0), [](Seconds) {}, 1);
  SteadyMeter meter(clock);
  Growth growth(url, std::move(ages));
  study::Setup setup{*spec, **strategy, programs, meter, **journal, clock, "/nowhere"};
  setup.observe = [&](const trial::Event& event, const journal::StudyState&) { growth.see(event); };
  setup.interruptions = [&] { return growth.done() ? 1 : 0; };
  study::Study study(std::move(setup));
  if (const auto ended = study.run(); !ended) return fmt::print(stderr, "{}\n", ended.error().message), 2;
  return 0;
}

}  // namespace
}  // namespace sm2::bench

int main(int argc, char** argv) {
  if (argc < 4) return std::fputs("growth STORE STUDY.toml TRIALS...\n", stderr), 2;
  std::vector<std::size_t> ages;
  for (int word = 3; word < argc; ++word) ages.push_back(static_cast<std::size_t>(std::atoll(argv[word])));
  return sm2::bench::run(argv[1], argv[2], std::move(ages));
}
