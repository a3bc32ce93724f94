// sm2 tune: runs a study, or goes on with it.
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "base/units.h"
#include "cli/commands.h"
#include "cli/interrupts.h"
#include "cli/metering.h"
#include "cli/output.h"
#include "cli/program.h"
#include "cli/reading.h"
#include "cli/study_devices.h"
#include "cli/tune_claim.h"
#include "cli/tune_options.h"
#include "cli/tune_result.h"
#include "cli/tune_watch.h"
#include "cli/worker_jobs.h"
#include "cluster/crew.h"
#include "config/study_file.h"
#include "journal/stores.h"
#include "report/shell_quote.h"
#include "runner/leftovers.h"
#include "runner/process_runner.h"
#include "strategy/sampled.h"
#include "study/study.h"
#include "study/warm_start.h"

namespace sm2::cli {
namespace {

base::Result<config::Spec> read_spec(const TuneOptions& wanted) {
  auto spec = config::read_study(wanted.file);
  if (!spec || wanted.budget.empty()) return spec;
  const auto budget = base::parse_energy(wanted.budget);
  if (!budget) return base::fail("--budget: {}", budget.error().message);
  if (*budget <= base::Joules(0)) return base::fail("--budget must be above 0");
  spec->budget.energy = *budget;
  return spec;
}

// How many trials the strategy trains, each to the end, where it knows that beforehand.
std::optional<std::size_t> trainings(const strategy::Strategy& strategy) {
  const auto* sampled = dynamic_cast<const strategy::Sampled*>(&strategy);
  return sampled ? sampled->trainings() : std::nullopt;
}

// One session of tuning: all that it holds, in the order in which it comes by it, and gives it back the other way round.
class Session {
 public:
  Session(const TuneOptions& wanted, config::Spec spec)
      : wanted_(wanted), spec_(std::move(spec)), folder_(journal::trials_folder(wanted.store, spec_.name)) {}

  // The exit status.
  base::Result<int> run() {
    for (const auto step : {&Session::prepare, &Session::claim, &Session::recall, &Session::begin}) {
      if (const auto done = (this->*step)(); !done) return tl::unexpected(done.error());
      if (ended_) return *ended_;
    }
    return train();
  }

 private:
  using Done = base::Result<>;

  // Looks for all that the study file asks for; changes nothing.
  Done prepare() {
    auto devices = study_devices(spec_, wanted_.file, std::max(1, wanted_.places()), clock_, say_);
    if (!devices) return tl::unexpected(devices.error());
    devices_ = *std::move(devices);
    auto metering = Metering::open(spec_, wanted_.file, devices_.settings, clock_, say_);
    if (!metering) return tl::unexpected(metering.error());
    metering_ = *std::move(metering);
    return check_program(spec_, wanted_.file);
  }

  // The study in its store, for this tuner alone.
  Done claim() {
    auto store = journal::open_store(wanted_.store, journal::Access::kWrite);
    if (!store) return tl::unexpected(store.error());
    store_ = *std::move(store);
    auto turn = take_turn(wanted_, *store_, spec_.name, folder_, interrupts_);
    if (!turn) return tl::unexpected(turn.error());
    if (!*turn) {
      ended_ = kInterrupted;
      return {};
    }
    turn_.emplace(**std::move(turn));
    auto journal = open_journal(*store_, spec_.name);
    if (!journal) return tl::unexpected(journal.error());
    journal_ = *std::move(journal);
    return {};
  }

  // What was done of it before, and the strategy for the rest.
  Done recall() {
    auto so_far = journal::fold(*journal_);
    if (!so_far) return tl::unexpected(so_far.error());
    if (auto same = same_study(*so_far, spec_, wanted_); !same) return same;
    auto options = study::strategy_options(spec_, *so_far, *store_);
    if (!options) {
      return base::fail("{}:{}: strategy.warm_start: {}", wanted_.file, spec_.warm_start_line,
                        options.error().message);
    }
    spec_.options = *std::move(options);
    auto strategy = strategy::make(spec_.strategy, spec_.space, spec_.options);
    if (!strategy) return tl::unexpected(strategy.error());
    strategy_ = *std::move(strategy);
    if (so_far->closed == "finished") {
      if (!wanted_.quiet) remark(wanted_, fmt::format("study '{}' is finished already", spec_.name));
      const study::Conclusion conclusion{*so_far->closed, so_far->closed_reason, so_far->winner};
      ended_ = conclude(wanted_, spec_, *std::move(so_far), conclusion);
      return {};
    }
    if (so_far->events > 0) runner::end_leftovers(folder_);
    const auto sleep = [this](base::Seconds time) { interrupts_.sleep(time); };
    return metering_->begin(*so_far, sleep);
  }

  // Where its trials are trained: here, and at workers.
  Done begin() {
    auto mailbox = store_->join(spec_.name, journal::Role::kTuner, "");
    if (!mailbox) return tl::unexpected(mailbox.error());
    mailbox_ = *std::move(mailbox);
    if (!mailbox_ && wanted_.places() == 0) {
      return base::fail(
          "--workers 0 and --cluster leave trials to workers elsewhere, which join studies in PostgreSQL: "
          "--store postgresql://HOST/DATABASE");
    }
    auto jobs = WorkerJobs::start(wanted_.cluster, spec_, wanted_.store, folder_, clock_);
    if (!jobs) return tl::unexpected(jobs.error());
    jobs_.emplace(*std::move(jobs));
    wake_up_.add(interrupts_.descriptor());
    auto runner = runner::ProcessRunner::make(wake_up_.descriptor(), true, devices_.pool);
    if (!runner) return tl::unexpected(runner.error());
    runner_ = *std::move(runner);
    if (wanted_.places() == 0 && wanted_.cluster.empty() && !wanted_.quiet) {
      remark(wanted_, fmt::format("all trials are left to workers: sm2 worker {} --store {}", spec_.name,
                                  report::shell_quote(journal::shown_store(wanted_.store))));
    }
    return {};
  }

  base::Result<int> train() {
    const int own = std::min(wanted_.places(), devices_.workers);
    TuneWatch& watch = watch_.emplace(wanted_, spec_, live(own));
    std::optional<cluster::Crew> crew;
    if (mailbox_) {
      crew.emplace(cluster::Crew::Setup{*runner_, metering_->meter(), own, *mailbox_, wake_up_, clock_, say_,
                                        [this] { return jobs_->news(); }});
    }
    study::Study study({spec_, *strategy_, crew ? static_cast<runner::Runner&>(*crew) : *runner_,
                        crew ? crew->meter() : metering_->meter(), *journal_, clock_,
                        std::filesystem::absolute(folder_), own, [this] { return interrupts_.count(); },
                        [&](const auto& event, const auto& after) { watch.show(event, after); },
                        metering_->grid(), spec_.energy.price, metering_->idle(), metering_->knob(),
                        study::copy_checkpoint, say_, [&] { return crew ? crew->joined() : 0; }});
    const auto conclusion = study.run();
    if (conclusion && crew && conclusion->state != "interrupted") crew->dismiss(conclusion->reason);
    for (const std::string& line : jobs_->end()) say_(line);
    watch.clear();
    if (!conclusion) return tl::unexpected(conclusion.error());
    return conclude(wanted_, spec_, study.take_state(), *conclusion);
  }

  // Where workers may come and go, nobody knows how many trials run at a time.
  report::Live live(int own) const {
    report::Live live;
    if (!mailbox_) live.trainings = trainings(*strategy_);
    live.places = static_cast<std::size_t>(std::max(own, 1));
    return live;
  }

  const TuneOptions& wanted_;
  config::Spec spec_;
  std::filesystem::path folder_;  // of the trials
  std::optional<int> ended_;      // with this exit status, before there was anything to train
  std::optional<TuneWatch> watch_;
  const std::function<void(const std::string&)> say_ = [this](const std::string& line) {
    if (watch_) watch_->clear();
    fail("tune", line);
  };
  const base::SystemClock clock_{};
  Interrupts interrupts_;  // before what is set on the hardware, so that it is put back whatever comes
  StudyDevices devices_;
  std::unique_ptr<Metering> metering_;
  std::unique_ptr<journal::Store> store_;
  std::optional<study::Lock> turn_;
  std::unique_ptr<journal::Journal> journal_;
  std::unique_ptr<strategy::Strategy> strategy_;
  std::unique_ptr<journal::Mailbox> mailbox_;
  std::optional<WorkerJobs> jobs_;
  cluster::WakeUp wake_up_;
  std::unique_ptr<runner::Runner> runner_;
};

// What is put() at once is then one write, which a terminal draws at once.
void write_whole_screens() {
  static std::array<char, 1 << 16> screen;
  std::setvbuf(stdout, screen.data(), _IOFBF, screen.size());
}

base::Result<int> tune(const TuneOptions& wanted) {
  write_whole_screens();
  auto spec = read_spec(wanted);
  if (!spec) return tl::unexpected(spec.error());
  return Session(wanted, *std::move(spec)).run();
}

}  // namespace

void add_tune(CLI::App& app, int& status) {
  auto* command = app.add_subcommand("tune", "Run a study, or go on with it where it was left");
  auto wanted = std::make_shared<TuneOptions>();
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
  command->add_flag("--json", wanted->json,
                    "Print an object a line for each event, and for the result, documented in docs/json.md");
  command->callback([wanted, &status] {
    const auto ended = tune(*wanted);
    status = ended ? *ended : fail("tune", ended.error().message);
  });
}

}  // namespace sm2::cli
