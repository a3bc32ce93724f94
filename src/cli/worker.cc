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

base::Result<int> work(const config::Spec& spec, const std::string& from, journal::Mailbox& mailbox,
                       const journal::Journal& journal, int places, std::optional<base::Seconds> patience) {
  const base::SystemClock clock;
  Interrupts interrupts;  // first, so that what is set on the hardware is put back whatever comes
  const auto complain = [](const std::string& line) { fail("worker", line); };
  const auto devices = study_devices(spec, from, places, clock, complain);
  if (!devices) return tl::unexpected(devices.error());
  const auto metering = Metering::open(spec, from, devices->settings, clock, complain);
  if (!metering) return tl::unexpected(metering.error());
  const auto sleep = [&](base::Seconds time) { interrupts.sleep(time); };
  if (const auto begun = (*metering)->begin({}, sleep); !begun) return tl::unexpected(begun.error());
  cluster::WakeUp wake_up;
  wake_up.add(interrupts.descriptor());
  const auto make_runner = [&]() -> base::Result<std::unique_ptr<runner::Runner>> {
    return runner::ProcessRunner::make(wake_up.descriptor(), true, devices->pool);
  };
  cluster::Worker::Setup setup{
      mailbox,
      make_runner,
      (*metering)->meter(),
      wake_up,
      clock,
      {devices->workers, base::host_name(), getpid(), {}, (*metering)->meter().hardware({})},
      [&] { return interrupts.count(); },
      say,
      patience};
  setup.over = [&] { return over(journal); };
  cluster::Worker worker(std::move(setup));
  const auto ended = worker.run();
  if (!ended) return tl::unexpected(ended.error());
  if (!ended->over) return kInterrupted;
  say("the study is over: " + *ended->over);
  return 0;
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
  const auto mailbox = (*store)->join(wanted.study, journal::Role::kWorker, "");
  if (!mailbox) return tl::unexpected(mailbox.error());
  if (!*mailbox) {
    return base::fail(
        "store {}: it is a file of one machine; workers join studies in PostgreSQL: --store "
        "postgresql://HOST/DATABASE",
        shown);
  }
  return work(*spec, from, **mailbox, **journal, wanted.places, *patience);
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
  command->callback([wanted, &status] {
    const auto ended = join(*wanted);
    status = ended ? *ended : fail("worker", ended.error().message);
  });
}

}  // namespace sm2::cli
