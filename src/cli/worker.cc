// sm2 worker: runs trials of a study whose tuner works elsewhere.
#include <fmt/core.h>
#include <unistd.h>

#include "base/host_name.h"
#include "base/units.h"
#include "cli/commands.h"
#include "cli/interrupts.h"
#include "cli/metering.h"
#include "cli/output.h"
#include "cli/reading.h"
#include "cli/study_devices.h"
#include "cli/tune_session.h"
#include "cluster/worker.h"
#include "config/study_file.h"
#include "journal/stores.h"
#include "report/printable.h"
#include "runner/process_runner.h"

namespace sm2::cli {
namespace {

struct Wanted {
  std::string store, study;
  int places = 1;
  std::string patience;
  bool never_decide = false;
};

void say(const std::string& line) { put(stdout, report::printable(line) + "\n"); }

base::Result<std::optional<base::Seconds>> patience_of(const Wanted& wanted) {
  if (wanted.patience.empty()) return std::nullopt;
  const auto patience = base::parse_duration(wanted.patience);
  if (!patience) return base::fail("--patience: {}", patience.error().message);
  return *patience;
}

std::optional<std::string> over(const journal::Journal& journal) {
  const auto state = journal::fold(journal);
  return state && state->closed == "finished" ? std::optional(state->closed_reason) : std::nullopt;
}

// The study and its store, as a worker has them.
struct Joined {
  const Wanted& wanted;
  const config::Spec& spec;
  std::string from;  // for people
  journal::Store& store;
  const journal::Journal& journal;
};

// A tuner that was asked to leave has closed the study: whoever did that goes on with it.
class Orphaned {
 public:
  explicit Orphaned(const Joined& joined) : joined_(joined) {}

  bool operator()() {
    if (joined_.wanted.never_decide) return false;
    if (joined_.store.claimed(joined_.wanted.study)) {
      died_.reset();
      return false;
    }
    if (!died_) {
      const auto state = journal::fold(joined_.journal);
      if (state) died_ = !state->closed;
    }
    return died_.value_or(false);
  }

 private:
  const Joined& joined_;
  std::optional<bool> died_;  // known since the study was last without a tuner
};

base::Result<cluster::Worker::End> work(const Joined& joined, journal::Mailbox& mailbox,
                                        std::optional<base::Seconds> patience) {
  const base::SystemClock clock;
  Interrupts interrupts;  // first, so that what is set on the hardware is put back whatever comes
  const auto complain = [](const std::string& line) { fail("worker", line); };
  const auto devices = study_devices(joined.spec, joined.from, joined.wanted.places, clock, complain);
  if (!devices) return tl::unexpected(devices.error());
  const auto metering = Metering::open(joined.spec, joined.from, devices->settings, clock, complain);
  if (!metering) return tl::unexpected(metering.error());
  const auto sleep = [&](base::Seconds time) { interrupts.sleep(time); };
  if (const auto begun = (*metering)->begin({}, sleep); !begun) return tl::unexpected(begun.error());
  cluster::WakeUp wake_up;
  wake_up.add(interrupts.descriptor());
  const auto make_runner = [&]() -> base::Result<std::unique_ptr<runner::Runner>> {
    return runner::ProcessRunner::make(wake_up.descriptor(), true, devices->pool);
  };
  const cluster::Present self{
      devices->workers, base::host_name(), getpid(), {}, (*metering)->meter().hardware({})};
  cluster::Worker::Setup setup{
      mailbox, make_runner, (*metering)->meter(), wake_up, clock, self, [&] { return interrupts.count(); },
      say,     patience};
  setup.over = [&] { return over(joined.journal); };
  Orphaned orphaned(joined);
  setup.orphaned = [&] { return orphaned(); };
  cluster::Worker worker(std::move(setup));
  return worker.run();
}

// Decides in its place, and trains as before. Nothing, where another did so first.
base::Result<std::optional<int>> succeed(const Joined& joined, const std::filesystem::path& home) {
  std::error_code error;
  std::filesystem::current_path(home, error);
  if (error) return base::fail("{}: {}", home.string(), error.message());
  say("the tuner died: taking its place");
  TuneOptions tuner;
  tuner.file = joined.from;
  tuner.from_store = true;
  tuner.store = joined.wanted.store;
  tuner.workers = joined.wanted.places;
  auto ended = run_session(tuner, joined.spec);
  if (!ended && joined.store.claimed(joined.wanted.study)) {
    say("another worker was first");
    return std::nullopt;
  }
  return ended.map([](int status) { return std::optional(status); });
}

// One member after the other, where it takes a tuner's place in vain.
base::Result<int> work_on(const Joined& joined, std::optional<base::Seconds> patience) {
  while (true) {
    auto mailbox = joined.store.join(joined.wanted.study, journal::Role::kWorker, "");
    if (!mailbox) return tl::unexpected(mailbox.error());
    if (!*mailbox) {
      return base::fail(
          "store {}: it is a file of one machine; workers join studies in PostgreSQL: --store "
          "postgresql://HOST/DATABASE",
          journal::shown_store(joined.wanted.store));
    }
    const auto ended = work(joined, **mailbox, patience);
    if (!ended) return tl::unexpected(ended.error());
    if (ended->over) {
      say("the study is over: " + *ended->over);
      return 0;
    }
    if (!ended->succeeds) return kInterrupted;
    mailbox->reset();
    const auto status = succeed(joined, *ended->succeeds);
    if (!status) return tl::unexpected(status.error());
    if (*status) return **status;
  }
}

base::Result<int> join(const Wanted& wanted) {
  const auto patience = patience_of(wanted);
  if (!patience) return tl::unexpected(patience.error());
  const std::string shown = journal::shown_store(wanted.store);
  if (const auto found = journal::find_store(wanted.store); !found) return tl::unexpected(found.error());
  const auto store = journal::open_store(wanted.store);
  if (!store) return tl::unexpected(store.error());
  const auto journal = (*store)->open(wanted.study);
  if (!journal) return base::fail("store {}: {}", shown, journal.error().message);
  const auto so_far = journal::fold(**journal);
  if (!so_far) return tl::unexpected(so_far.error());
  if (so_far->closed == "finished") {
    say(fmt::format("study '{}' is finished already", wanted.study));
    return 0;
  }
  const std::string from = fmt::format("study '{}' in {}", wanted.study, shown);
  const auto spec = config::parse_study(so_far->file, from);
  if (!spec) return tl::unexpected(spec.error());
  return work_on({wanted, *spec, from, **store, **journal}, *patience);
}

}  // namespace

void add_worker(CLI::App& app, int& status) {
  auto* command = app.add_subcommand(
      "worker", "Run trials of a study that sm2 tune began in a PostgreSQL store, on this machine");
  auto wanted = std::make_shared<Wanted>();
  command->add_option("STUDY", wanted->study, "The name of the study")->required();
  command->add_option("--store", wanted->store, "postgresql://[USER@]HOST[:PORT]/DATABASE")->required();
  command->add_option("--places", wanted->places, "Trials at a time")
      ->check(CLI::Range(1, 1024))
      ->type_name("N")
      ->capture_default_str();
  command
      ->add_option("--patience", wanted->patience,
                   "Leave when there was no tuner for so long: \"10 min\"; else it waits")
      ->type_name("DURATION");
  command->add_flag("--never-decide", wanted->never_decide,
                    "Wait for another tuner where the study's died, rather than take its place");
  command->callback([wanted, &status] {
    const auto ended = join(*wanted);
    status = ended ? *ended : fail("worker", ended.error().message);
  });
}

}  // namespace sm2::cli
