// sm2 tune: runs a study, or goes on with it.
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "base/units.h"
#include "cli/commands.h"
#include "cli/interrupts.h"
#include "cli/metering.h"
#include "cli/output.h"
#include "cli/program.h"
#include "cli/reading.h"
#include "cli/screen.h"
#include "cli/study_devices.h"
#include "cli/worker_jobs.h"
#include "cluster/crew.h"
#include "config/study_file.h"
#include "journal/stores.h"
#include "report/conclusion.h"
#include "report/printable.h"
#include "report/progress.h"
#include "report/shell_quote.h"
#include "runner/leftovers.h"
#include "runner/process_runner.h"
#include "study/lock.h"
#include "study/study.h"
#include "study/warm_start.h"

namespace sm2::cli {
namespace {

constexpr int kNoUsableTrial = 1, kBudgetSpent = 3;

struct Wanted {
  std::string file;
  std::string store = "./sm2.db";
  std::string budget;
  std::optional<int> workers;  // one, unless workers elsewhere are asked for
  std::string cluster;
  bool standby = false;
  bool quiet = false;

  int places() const { return workers.value_or(cluster.empty() ? 1 : 0); }
};

base::Result<std::unique_ptr<journal::Journal>> open_journal(journal::Store& store,
                                                             const std::string& study) {
  const auto names = store.studies();
  if (!names) return tl::unexpected(names.error());
  return std::ranges::find(*names, study) == names->end() ? store.create(study) : store.open(study);
}

// Whether the file still describes the study that was begun.
base::Result<> same_study(const journal::StudyState& so_far, const config::Spec& spec, const Wanted& wanted) {
  if (so_far.events == 0) return {};
  const std::string store_shown = journal::shown_store(wanted.store);
  const auto begun =
      config::parse_study(so_far.file, fmt::format("study '{}' in {}", spec.name, store_shown));
  if (!begun) return tl::unexpected(begun.error());
  if (const auto changed = config::difference(*begun, spec)) {
    return base::fail(
        "{}: {} is not what study '{}' in {} was begun with; undo the change, or give the study another name",
        wanted.file, *changed, spec.name, store_shown);
  }
  return {};
}

base::Result<config::Spec> read_spec(const Wanted& wanted) {
  auto spec = config::read_study(wanted.file);
  if (!spec || wanted.budget.empty()) return spec;
  const auto budget = base::parse_energy(wanted.budget);
  if (!budget) return base::fail("--budget: {}", budget.error().message);
  if (*budget <= base::Joules(0)) return base::fail("--budget must be above 0");
  spec->budget.energy = *budget;
  return spec;
}

int status_of(const study::Conclusion& conclusion, bool usable) {
  if (conclusion.state == "interrupted") return kInterrupted;
  if (usable) return 0;
  return conclusion.state == "budget" ? kBudgetSpent : kNoUsableTrial;
}

std::string store_option(const Wanted& wanted) {
  return wanted.store == Wanted().store
             ? ""
             : " --store " + report::shell_quote(journal::shown_store(wanted.store));
}

// What the study came to, for people; the exit status.
int conclude(const Wanted& wanted, const config::Spec& spec, journal::StudyState state,
             const study::Conclusion& conclusion) {
  const std::string result = report::conclusion_text({spec.name, spec, std::move(state), false});
  if (conclusion.unstored > base::Seconds(0)) {
    put(stdout,
        fmt::format(
            "\ninterrupted; the store could not take what happened in the last {}: sm2 tune {}{} goes on "
            "from before that\n",
            base::format(conclusion.unstored), report::shell_quote(wanted.file), store_option(wanted)));
    return kInterrupted;
  }
  if (conclusion.state == "interrupted") {
    put(stdout, fmt::format("\ninterrupted; nothing is lost: sm2 tune {}{} goes on\n",
                            report::printable(report::shell_quote(wanted.file)),
                            report::printable(store_option(wanted))));
    return status_of(conclusion, !result.empty());
  }
  if (!conclusion.winner && !result.empty() && conclusion.state == "finished") {
    put(stdout, fmt::format("\n{}; the best of what was trained:\n", conclusion.reason));
  }
  if (!result.empty()) put(stdout, "\n" + result);
  if (conclusion.state == "budget")
    put(stdout, fmt::format("\n{}; a larger budget goes on from here\n", conclusion.reason));
  if (result.empty() && conclusion.state == "finished") {
    fail("tune", fmt::format("no trial was usable; sm2 trials {}{} says why, and {} holds their output",
                             spec.name, store_option(wanted),
                             (journal::trials_folder(wanted.store, spec.name) / "*" / "log").string()));
  }
  return status_of(conclusion, !result.empty());
}

base::Result<study::Lock> take(journal::Store& store, const std::string& study,
                               const std::filesystem::path& folder) {
  if (const auto claimed = store.claim(study); !claimed) return tl::unexpected(claimed.error());
  return study::Lock::take(folder);
}

// The study, for this tuner alone. Fails when another has it; a standby waits then, and gets nothing where the user ends it.
base::Result<std::optional<study::Lock>> take_turn(const Wanted& wanted, journal::Store& store,
                                                   const std::string& study,
                                                   const std::filesystem::path& folder,
                                                   Interrupts& interrupts) {
  constexpr base::Seconds kBetweenLooks{1};
  for (bool told = false; wanted.standby && (store.claimed(study) || study::tuner_alive(folder));
       interrupts.sleep(kBetweenLooks)) {
    if (interrupts.count() > 0) return std::nullopt;
    if (!std::exchange(told, true))
      put(stdout, "another sm2 tune works on this study: waiting to take its place\n");
  }
  auto lock = take(store, study, folder);
  if (!lock) return tl::unexpected(lock.error());
  return *std::move(lock);
}

base::Result<int> tune(const Wanted& wanted) {
  auto spec = read_spec(wanted);
  if (!spec) return tl::unexpected(spec.error());
  const base::SystemClock clock;
  Interrupts interrupts;  // first, so that what is set on the hardware is put back whatever comes
  const auto say = [](const std::string& line) { fail("tune", line); };
  const auto devices = study_devices(*spec, wanted.file, std::max(1, wanted.places()), clock, say);
  if (!devices) return tl::unexpected(devices.error());
  const auto metering = Metering::open(*spec, wanted.file, devices->settings, clock, say);
  if (!metering) return tl::unexpected(metering.error());
  if (const auto found = check_program(*spec, wanted.file); !found) return tl::unexpected(found.error());
  auto store = journal::open_store(wanted.store, journal::Access::kWrite);
  if (!store) return tl::unexpected(store.error());
  const auto folder = journal::trials_folder(wanted.store, spec->name);
  const auto turn = take_turn(wanted, **store, spec->name, folder, interrupts);
  if (!turn) return tl::unexpected(turn.error());
  if (!*turn) return kInterrupted;
  auto journal = open_journal(**store, spec->name);
  if (!journal) return tl::unexpected(journal.error());
  auto so_far = journal::fold(**journal);
  if (!so_far) return tl::unexpected(so_far.error());
  if (const auto same = same_study(*so_far, *spec, wanted); !same) return tl::unexpected(same.error());
  auto options = study::strategy_options(*spec, *so_far, **store, say);
  if (!options) {
    return base::fail("{}:{}: strategy.warm_start: {}", wanted.file, spec->warm_start_line,
                      options.error().message);
  }
  spec->options = *std::move(options);
  auto strategy = strategy::make(spec->strategy, spec->space, spec->options);
  if (!strategy) return tl::unexpected(strategy.error());
  if (so_far->closed == "finished") {
    put(stdout, fmt::format("study '{}' is finished already\n", spec->name));
    const study::Conclusion conclusion{*so_far->closed, so_far->closed_reason, so_far->winner};
    return conclude(wanted, *spec, *std::move(so_far), conclusion);
  }

  const auto sleep = [&interrupts](base::Seconds time) { interrupts.sleep(time); };
  if (const auto begun = (*metering)->begin(*so_far, sleep); !begun) return tl::unexpected(begun.error());
  if (so_far->events > 0) runner::end_leftovers(folder);
  *so_far = {};  // of a long study it is much, and the study has its own
  auto mailbox = (*store)->join(spec->name, journal::Role::kTuner, "");
  if (!mailbox) return tl::unexpected(mailbox.error());
  if (!*mailbox && wanted.places() == 0) {
    return base::fail(
        "--workers 0 and --cluster leave trials to workers elsewhere, which join studies in PostgreSQL: "
        "--store postgresql://HOST/DATABASE");
  }
  auto jobs = WorkerJobs::start(wanted.cluster, *spec, wanted.store, folder, clock);
  if (!jobs) return tl::unexpected(jobs.error());
  cluster::WakeUp wake_up;
  wake_up.add(interrupts.descriptor());
  auto runner = runner::ProcessRunner::make(wake_up.descriptor(), true, devices->pool);
  if (!runner) return tl::unexpected(runner.error());
  if (wanted.places() == 0 && wanted.cluster.empty() && !wanted.quiet) {
    put(stdout, fmt::format("all trials are left to workers: sm2 worker {} --store {}\n", spec->name,
                            report::printable(report::shell_quote(journal::shown_store(wanted.store)))));
  }
  report::Progress progress(*spec, screen(STDOUT_FILENO));
  const auto show = [&](const trial::Event& event, const journal::StudyState& after) {
    if (wanted.quiet) return;
    const std::string text = progress.render(event, after);
    if (text.empty()) return;
    put(stdout, text);
  };
  const auto say_between = [&](const std::string& line) {
    put(stdout, progress.clear());
    say(line);
  };
  const int own = std::min(wanted.places(), devices->workers);
  std::optional<cluster::Crew> crew;
  if (*mailbox) {
    crew.emplace(cluster::Crew::Setup{**runner, (*metering)->meter(), own, **mailbox, wake_up, clock,
                                      say_between, [&] { return jobs->news(); }});
  }
  runner::Runner& places = crew ? static_cast<runner::Runner&>(*crew) : **runner;
  meter::Meter& meter = crew ? crew->meter() : (*metering)->meter();
  study::Study study({*spec, **strategy, places, meter, **journal, clock, std::filesystem::absolute(folder),
                      own, [&] { return interrupts.count(); }, show, (*metering)->grid(), spec->energy.price,
                      (*metering)->idle(), (*metering)->knob(), study::copy_checkpoint, say_between,
                      [&] { return crew ? crew->joined() : 0; }});
  const auto conclusion = study.run();
  if (!wanted.quiet) put(stdout, progress.clear());
  if (conclusion && crew && conclusion->state != "interrupted") crew->dismiss(conclusion->reason);
  for (const std::string& line : jobs->end()) say(line);
  if (!conclusion) return tl::unexpected(conclusion.error());
  return conclude(wanted, *spec, study.take_state(), *conclusion);
}

}  // namespace

void add_tune(CLI::App& app, int& status) {
  auto* command = app.add_subcommand("tune", "Run a study, or go on with it where it was left");
  auto wanted = std::make_shared<Wanted>();
  command->add_option("STUDY.toml", wanted->file, "The study file; sm2 init writes an example")->required();
  command->add_option("--store", wanted->store, kStoreHelp)->capture_default_str();
  command->add_option("--budget", wanted->budget,
                      "Energy to spend at most, instead of the study file's: \"2 kWh\"");
  command
      ->add_option(
          "--workers", wanted->workers,
          "Trials at a time in this process, as far as [devices] of the study file goes; what they share is "
          "divided between them, an estimate: one measures best. 0: all are left to workers elsewhere (sm2 "
          "worker)")
      ->check(CLI::Range(0, 1024))
      ->type_name("N [1; with --cluster 0]");
  command
      ->add_option("--cluster", wanted->cluster,
                   "Start workers as jobs of a batch system, as [slurm] of the study file says")
      ->check(CLI::IsMember({"slurm"}))
      ->type_name("slurm");
  command->add_flag("--standby", wanted->standby,
                    "Where another sm2 tune works on the study, wait, and take its place when it is gone");
  command->add_flag("-q,--quiet", wanted->quiet, "Print the result only");
  command->callback([wanted, &status] {
    const auto ended = tune(*wanted);
    status = ended ? *ended : fail("tune", ended.error().message);
  });
}

}  // namespace sm2::cli
