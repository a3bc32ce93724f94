#include "cli/tune_session.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "cli/interrupts.h"
#include "cli/metering.h"
#include "cli/output.h"
#include "cli/program.h"
#include "cli/reading.h"
#include "cli/study_devices.h"
#include "cli/tune_claim.h"
#include "cli/tune_pause.h"
#include "cli/tune_result.h"
#include "cli/tune_watch.h"
#include "cli/worker_jobs.h"
#include "cluster/crew.h"
#include "journal/stores.h"
#include "report/shell_quote.h"
#include "runner/leftovers.h"
#include "runner/process_runner.h"
#include "strategy/sampled.h"
#include "study/study.h"
#include "study/warm_start.h"

namespace sm2::cli {
namespace {

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
    const bool trains = wanted_.places() > 0;  // else all trials are left to workers, and to their devices
    auto devices = trains ? study_devices(spec_, wanted_.file, wanted_.places(), clock_, say_)
                          : StudyDevices{meter::settings_from_environment(), {}, 0};
    if (!devices) return tl::unexpected(devices.error());
    devices_ = *std::move(devices);
    auto metering = trains ? Metering::open(spec_, wanted_.file, devices_.settings, clock_, say_)
                           : Metering::elsewhere(spec_, wanted_.file, clock_, say_);
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
    hear_users();
    return {};
  }

  // What they asked of an earlier tuner, which did not hear it, is not for this one.
  void hear_users() {
    auto requests = store_->requests(spec_.name);
    const auto earlier = requests ? (*requests)->pending() : tl::unexpected(requests.error());
    if (!earlier)
      return say_("sm2 pause, resume and stop do not reach this study: " + earlier.error().message);
    for (const journal::Pending& asked : *earlier) earlier_.push_back(asked.id);
    requests_ = *std::move(requests);
  }

  // What was done of it before, and the strategy for the rest.
  Done recall() {
    auto so_far = journal::fold(*journal_);
    if (!so_far) return tl::unexpected(so_far.error());
    if (auto same = same_study(*so_far, spec_, wanted_); !same) return same;
    auto options = study::strategy_options(spec_, *so_far, *store_, say_);
    if (!options) {
      return base::fail("{}:{}: strategy.warm_start: {}", wanted_.file, spec_.warm_start_line,
                        options.error().message);
    }
    spec_.options = *std::move(options);
    if (auto made = make_strategy(); !made) return made;
    if (so_far->closed == "finished") {
      if (!wanted_.quiet) remark(wanted_, fmt::format("study '{}' is finished already", spec_.name));
      const study::Conclusion conclusion{*so_far->closed, so_far->closed_reason, so_far->winner};
      ended_ = conclude(wanted_, spec_, *std::move(so_far), conclusion);
      return {};
    }
    if (so_far->events > 0) runner::end_leftovers(folder_);
    waits_ = wanted_.standby && so_far->closed == "paused" && requests_;
    const auto sleep = [this](base::Seconds time) { interrupts_.sleep(time); };
    return metering_->begin(*so_far, sleep);
  }

  Done make_strategy() {
    auto strategy = strategy::make(spec_.strategy, spec_.space, spec_.options);
    if (!strategy) return tl::unexpected(strategy.error());
    strategy_ = *std::move(strategy);
    return {};
  }

  // Where its trials are trained: here, and at workers.
  Done begin() {
    auto mailbox = store_->join(spec_.name, journal::Role::kTuner, std::filesystem::current_path().string());
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
    TuneWatch& watch = watch_.emplace(wanted_, spec_, live());
    std::optional<cluster::Crew> crew;
    if (mailbox_) {
      crew.emplace(cluster::Crew::Setup{*runner_, metering_->meter(), own_places(), *mailbox_, wake_up_,
                                        clock_, say_, [this] { return jobs_->news(); },
                                        [this] { return interrupts_.count() > 0; }});
    }
    journal::StudyState state;
    const auto conclusion = run(crew ? &*crew : nullptr, state);
    if (conclusion && crew && conclusion->state != "interrupted") crew->dismiss(conclusion->reason);
    for (const std::string& line : jobs_->end()) say_(line);
    watch.clear();
    if (!conclusion) return tl::unexpected(conclusion.error());
    if (crew && crew->failure()) return tl::unexpected(*crew->failure());
    return conclude(wanted_, spec_, std::move(state), *conclusion);
  }

  // The study to its end, `after` as it is then: once more from where its journal stands whenever it was paused and resumed.
  base::Result<study::Conclusion> run(cluster::Crew* crew, journal::StudyState& after) {
    for (bool paused = waits_;; paused = true) {
      if (paused) {
        if (auto ended = wait(crew)) return *std::move(ended);
        if (auto made = make_strategy(); !made) return tl::unexpected(made.error());
      }
      study::Study study(setup(crew));
      auto conclusion = study.run();
      after = study.take_state();
      if (!conclusion || conclusion->state != "paused") return conclusion;
    }
  }

  // While the study is paused. What it came to, where it is to end.
  std::optional<study::Conclusion> wait(cluster::Crew* crew) {
    watch_->clear();
    if (!wanted_.quiet)
      remark(wanted_, fmt::format("paused; {} goes on", command_on_study(wanted_, "resume", spec_.name)));
    return wait_to_go_on(*requests_, runner(crew), [&] { return interruptions(crew) > 0; });
  }

  study::Setup setup(cluster::Crew* crew) {
    return {spec_,
            *strategy_,
            runner(crew),
            crew ? crew->meter() : metering_->meter(),
            *journal_,
            clock_,
            std::filesystem::absolute(folder_),
            own_places(),
            [=, this] { return interruptions(crew); },
            [this](const auto& event, const auto& after) { watch_->show(event, after); },
            metering_->grid(),
            spec_.energy.price,
            metering_->idle(),
            metering_->knob(),
            [this](const auto& from, const auto& to) {
              const study::CopyBounds bounds{spec_.limits.disk, [this] { return interrupts_.count() > 1; }};
              return study::copy_checkpoint_within(bounds, from, to);
            },
            say_,
            [crew] { return crew ? crew->joined() : 0; },
            requests_.get(),
            earlier_};
  }

  runner::Runner& runner(cluster::Crew* crew) {
    return crew ? static_cast<runner::Runner&>(*crew) : *runner_;
  }
  int interruptions(cluster::Crew* crew) {
    return std::max(interrupts_.count(), crew && crew->failure() ? 1 : 0);
  }
  int own_places() const { return std::min(wanted_.places(), devices_.workers); }

  // Where workers may come and go, nobody knows how many trials run at a time.
  report::Live live() const {
    report::Live live;
    if (!mailbox_) live.trainings = trainings(*strategy_);
    live.places = static_cast<std::size_t>(std::max(own_places(), 1));
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
  std::unique_ptr<journal::Requests> requests_;  // null: they cannot reach this tuner
  std::vector<journal::RequestId> earlier_;      // what was asked of an earlier one
  bool waits_ = false;  // the study is paused, and not to be resumed by this tuner's start
  std::unique_ptr<strategy::Strategy> strategy_;
  std::unique_ptr<journal::Mailbox> mailbox_;
  std::optional<WorkerJobs> jobs_;
  cluster::WakeUp wake_up_;
  std::unique_ptr<runner::Runner> runner_;
};

}  // namespace

base::Result<int> run_session(const TuneOptions& wanted, config::Spec spec) {
  return Session(wanted, std::move(spec)).run();
}

}  // namespace sm2::cli
