#include "study/study.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>

#include "config/study_file.h"
#include "journal/memory.h"
#include "testing/failing_journal.h"
#include "testing/fake_clock.h"
#include "testing/fake_meter.h"
#include "testing/fake_power_knob.h"
#include "testing/fake_runner.h"

namespace sm2::study {
namespace {

using base::Joules;
using base::Seconds;
using base::Watts;
using journal::TrialState;
using testing::FakeProgram;

constexpr const char* kFile = R"(
[study]
name = "test"
command = ["train", "--batch={batch_size}"]
metric = { name = "accuracy" }
resource = { unit = "epoch", min = 1, max = 8 }
[space]
batch_size = { values = [16, 32, 64, 128, 256, 512] }
[strategy]
name = "NAME"
[objective]
energy = 0
stability = 0
)";

config::Spec spec_for(const std::string& strategy, const std::string& more = "") {
  std::string text = kFile;
  text.replace(text.find("NAME"), 4, strategy);
  auto spec = config::parse_study(text + more, "test.toml");
  if (!spec) throw std::runtime_error(spec.error().message);
  return *spec;
}

double batch(const space::Configuration& configuration) {
  return space::as_number(configuration.at("batch_size"));
}

// The metric grows with the resource and peaks at batch size 64.
double peaked(const space::Configuration& configuration, double resource) {
  return 1 - std::abs(std::log2(batch(configuration) / 64)) * 0.1 - 0.5 / (1 + resource);
}

// Trains every batch size in turn, to the end but for its verdicts, and goes on with the paused. A verdict depends on the
// metric alone.
class Judging final : public strategy::Strategy {
 public:
  using Judge = std::function<strategy::Verdict(trial::TrialId, const trial::Stretch&)>;

  explicit Judging(Judge judge) : judge_(std::move(judge)) {}

  trial::Decision ask() override {
    if (running_) return trial::Wait{};
    if (!paused_.empty()) return train(paused_.back());
    if (created_ < 6) return train(created_);
    return trial::Finish{best_, "all are trained"};
  }
  void tell(trial::TrialId id, const trial::Stretch& stretch) override {
    running_ = false;
    created_ = std::max(created_, id + 1);
    std::erase(paused_, id);
    if (std::holds_alternative<trial::Paused>(stretch.outcome)) paused_.push_back(id);
    if (std::holds_alternative<trial::Completed>(stretch.outcome)) best_ = id;
  }
  strategy::Verdict judge(trial::TrialId id, const trial::Stretch& so_far) override {
    return judge_(id, so_far);
  }

 private:
  trial::Decision train(trial::TrialId id) {
    running_ = true;
    return trial::Train{id, {{"batch_size", std::int64_t{16} << id}}, 0, 8, {}, {}};
  }

  Judge judge_;
  bool running_ = false;
  int created_ = 0;
  std::vector<trial::TrialId> paused_;
  std::optional<trial::TrialId> best_;
};

// Below 0.5 at any time a trial is stopped; even ones pause once on the way, when they come to 3 units.
strategy::Verdict verdict_on(trial::TrialId id, const trial::Stretch& so_far) {
  if (*so_far.metric < 0.5) return {trial::Action::kStop, fmt::format("{:g} is too little", *so_far.metric)};
  if (id % 2 == 0 && so_far.reached == 3) return {trial::Action::kPause, ""};
  return {};
}

// Decides what a test says, in order; a Train waits until the trial that ran before is done.
class Scripted final : public strategy::Strategy {
 public:
  explicit Scripted(std::vector<trial::Decision> decisions) : decisions_(std::move(decisions)) {}
  trial::Decision ask() override {
    if (running_ > 0 || next_ >= decisions_.size()) return trial::Wait{};
    running_ += std::holds_alternative<trial::Train>(decisions_[next_]);
    return decisions_[next_++];
  }
  void tell(trial::TrialId, const trial::Stretch& stretch) override {
    --running_;
    told.push_back(stretch);
  }
  std::vector<trial::Stretch> told;

 private:
  std::vector<trial::Decision> decisions_;
  std::size_t next_ = 0;
  int running_ = 0;
};

trial::Train train(trial::TrialId id, std::int64_t batch_size, double until) {
  return {id, {{"batch_size", batch_size}}, 0, until, {}, {}};
}

// One study on fakes; the journal and the checkpoints outlive a session, the rest does not.
struct Bench {
  explicit Bench(config::Spec the_spec) : spec(std::move(the_spec)), journal(*store.create("test")) {
    program.curve = peaked;
  }

  base::Result<Conclusion> run(
      journal::Journal& over, int workers = 1, Interruptions interruptions = [] { return 0; }) {
    testing::FakeMeter meter(clock);
    testing::FakeRunner runner(clock, meter, program);
    auto strategy = make ? make() : *strategy::make(spec.strategy, spec.space, spec.options);
    if (blind) meter.fail("the sensor is gone");
    if (devices) runner.give(*devices);
    Study study({spec,
                 *strategy,
                 runner,
                 meter,
                 over,
                 clock,
                 "/nowhere",
                 workers,
                 std::move(interruptions),
                 [](const trial::Event&, const journal::StudyState&) {},
                 grid,
                 spec.energy.price,
                 {},
                 knob,
                 [this](const auto& from, const auto& to) { return copy(from, to); }});
    auto conclusion = study.run();
    jobs.insert(jobs.end(), runner.started().begin(), runner.started().end());
    held.insert(held.end(), meter.held().begin(), meter.held().end());
    return conclusion;
  }
  Conclusion run() { return run(*journal).value(); }

  journal::StudyState state() const { return journal::fold(*journal->read()); }

  std::vector<trial::Decision> decisions() const {
    std::vector<trial::Decision> all;
    const auto events = journal->read().value();
    for (const trial::Event& event : events) {
      if (const auto* decided = std::get_if<trial::Decided>(&event.body)) all.push_back(decided->decision);
    }
    return all;
  }

  base::Result<> copy(const std::filesystem::path& from, const std::filesystem::path& to) {
    copies.push_back(from.string() + " " + to.string());
    return copied ? copied() : base::Result<>();
  }

  config::Spec spec;
  std::function<std::unique_ptr<strategy::Strategy>()> make;  // empty: as the file says
  meter::PowerKnob* knob = nullptr;
  std::vector<std::string> copies;
  std::function<base::Result<>()> copied;  // empty: without a fault
  std::optional<footprint::Grid> grid;     // of the sessions to come
  bool blind = false;                      // no energy can be read
  FakeProgram program;
  testing::FakeClock clock;
  journal::MemoryStore store;
  std::unique_ptr<journal::Journal> journal;
  std::vector<runner::Job> jobs;
  std::optional<runner::DevicePool> devices;                  // of each session
  std::vector<std::optional<std::vector<std::string>>> held;  // by the loads that were metered
};

trial::Device gpu(int number) {
  return {fmt::format("gpu-{}", number), fmt::format("GPU-{}", number), trial::Vendor::kNvidia,
          fmt::format("gpu 0000:0{}:00.0", number)};
}

TEST(Study, HalvesToTheBestAndTrainsItOn) {
  Bench bench(spec_for("sm2-classic"));
  const Conclusion conclusion = bench.run();
  EXPECT_EQ(conclusion.state, "finished");
  const journal::StudyState state = bench.state();
  const journal::Trial& winner = state.trials.at(conclusion.winner.value());
  EXPECT_EQ(batch(winner.configuration), 64);
  EXPECT_EQ(winner.state, TrialState::kFinished);
  EXPECT_EQ(winner.resource, 8);
  EXPECT_EQ(winner.evaluations.size(), 8u);
  EXPECT_EQ(bench.jobs.size(), 6u + 3u + 1u);
  EXPECT_EQ(bench.jobs.back().from, 2);
  // 6 trials to 1, 3 to 2, 1 to 8, at 10 s of 100 W an epoch.
  EXPECT_NEAR(trial::total(journal::total_energy(state))->value, (6 + 3 + 6) * 1000, 1e-6);
  EXPECT_NEAR(trial::total(journal::dropped_energy(state))->value, (5 + 2) * 1000, 1e-6);
  EXPECT_NEAR(state.active.value, 150, 1e-6);
}

TEST(Study, TheReasonOfADropIsInWordsAndNumbers) {
  Bench bench(spec_for("sm2-classic"));
  bench.run();
  const journal::StudyState after = bench.state();
  for (const auto& [id, trial] : after.trials) {
    if (batch(trial.configuration) == 512) {
      EXPECT_EQ(trial.reason, "rung 0: 6th of 6, 3 kept: accuracy 0.45 (best kept 0.75)");
      EXPECT_EQ(trial.state, TrialState::kStopped);
    }
  }
}

TEST(Study, EnergyWeighsIn) {
  Bench bench(spec_for("sm2-classic"));
  bench.spec.options.weights.energy = 0.9;
  bench.program.power = [](const auto& configuration) { return Watts(6400 / batch(configuration)); };
  const auto winner = bench.run().winner;
  EXPECT_EQ(batch(bench.state().trials.at(winner.value()).configuration), 512);
}

TEST(Study, ACrashAtAnyCommitChangesNoDecisionAndLosesNoReport) {
  for (const char* name : {"sm2-classic", "sm2", "successive-halving", "random", "grid"}) {
    Bench undisturbed(spec_for(name));
    undisturbed.program.steps_per_unit = 20;
    undisturbed.run();
    int crashes = 0;
    for (int appends = 0;; ++appends) {
      Bench bench(spec_for(name));
      bench.program.steps_per_unit = 20;
      testing::FailingJournal failing(*bench.journal, appends);
      if (bench.run(failing)) break;
      ++crashes;
      ASSERT_TRUE(bench.run(*bench.journal)) << name << " after " << appends;
      const journal::StudyState after = bench.state();
      ASSERT_EQ(after.winner, undisturbed.state().winner) << name << " after " << appends;
      // What is trained twice costs twice, and rungs of `sm2` are joules: it may stop elsewhere.
      const bool by_energy = std::string_view(name) == "sm2";
      if (!by_energy) ASSERT_EQ(bench.decisions(), undisturbed.decisions()) << name << " after " << appends;
      for (const auto& [id, trial] : after.trials) {
        std::set<double> resources;
        for (const auto& evaluation : trial.evaluations)
          ASSERT_TRUE(resources.insert(evaluation.resource).second);
        if (!by_energy) ASSERT_EQ(resources.size(), undisturbed.state().trials.at(id).evaluations.size());
      }
    }
    EXPECT_GT(crashes, 10) << name;
  }
}

TEST(Study, AKilledTunersEnergyIsKeptAndLessSure) {
  Bench bench(spec_for("random", "[budget]\ntrials = 1\n"));
  testing::FailingJournal failing(*bench.journal, 4);
  ASSERT_FALSE(bench.run(failing));
  bench.run();
  const journal::Trial trial = bench.state().trials.at(0);
  EXPECT_EQ(trial.state, TrialState::kFinished);
  EXPECT_GE(trial::total(trial.energy)->value, 8000);
  EXPECT_GT(trial::error(trial.energy).value, 0);
  EXPECT_NE(trial::note(trial.energy).find("the tuner was killed"), std::string::npos)
      << trial::describe(trial.energy);
}

TEST(Study, EnergyIsReadOftenAfterAStart) {
  Bench bench(spec_for("random", "[budget]\ntrials = 1\n"));
  bench.run();
  std::vector<double> read_at;
  const auto events = bench.journal->read().value();
  for (const trial::Event& event : events) {
    const auto* metered = std::get_if<trial::Metered>(&event.body);
    if (metered && metered->seconds < Seconds(8)) read_at.push_back(metered->seconds.value);
  }
  const std::vector<double> wanted = {0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5.2, 7.2};
  ASSERT_EQ(read_at.size(), wanted.size());
  for (std::size_t k = 0; k < wanted.size(); ++k) EXPECT_NEAR(read_at[k], wanted[k], 1e-9);
}

TEST(Study, OfSeveralTrialsEachIsReadByItsOwnAgeAndTheOldOnesTogether) {
  Bench bench(spec_for("random", "[budget]\ntrials = 3\n"));
  bench.program.unit_time = [](const auto& configuration) {
    return Seconds(5 + std::log2(batch(configuration)));
  };
  ASSERT_TRUE(bench.run(*bench.journal, 3));
  std::map<trial::TrialId, std::vector<double>> read_at;
  std::set<double> moments;
  const auto events = bench.journal->read().value();
  for (const trial::Event& event : events) {
    const auto* metered = std::get_if<trial::Metered>(&event.body);
    if (!metered) continue;
    read_at[metered->trial].push_back(metered->seconds.value);
    moments.insert(event.time.value);
  }
  ASSERT_EQ(read_at.size(), 3u);
  std::size_t longest = 0;
  for (const auto& [id, times] : read_at) {
    EXPECT_NEAR(times[0], 0.1, 1e-6);
    EXPECT_NEAR(times[1], 0.2, 1e-6);
    for (std::size_t k = 1; k < times.size(); ++k) EXPECT_LE(times[k] - times[k - 1], 2 + 1e-6);
    longest = std::max(longest, times.size());
  }
  EXPECT_EQ(moments.size(), longest) << "each has moments of its own";
}

TEST(Study, ATrialThatWasKilledAgainAndAgainSaysSoOnce) {
  Bench bench(spec_for("random", "[budget]\ntrials = 1\n"));
  for (int kills = 0; kills < 3; ++kills) {
    testing::FailingJournal failing(*bench.journal, 6);
    ASSERT_FALSE(bench.run(failing));
  }
  bench.run();
  const std::string note = trial::note(bench.state().trials.at(0).energy);
  EXPECT_EQ(note, "the tuner was killed: up to 2 s of one process are not in it");
}

TEST(Study, ASpentBudgetStartsNothing) {
  Bench bench(spec_for("random", "[budget]\nenergy = \"5 kJ\"\n"));
  EXPECT_EQ(bench.run(*bench.journal, 2).value().state, "budget");
  const std::size_t started = bench.jobs.size();
  EXPECT_EQ(bench.run(*bench.journal, 2).value().state, "budget");
  EXPECT_EQ(bench.jobs.size(), started);
}

TEST(Study, DivergedAndFailedCandidatesLeave) {
  Bench bench(spec_for("sm2-classic"));
  bench.program.curve = [](const auto& configuration, double resource) {
    return batch(configuration) == 64 ? std::nan("") : peaked(configuration, resource);
  };
  bench.program.breaks = [](const auto& configuration, double) -> std::optional<trial::Outcome> {
    if (batch(configuration) == 32) return trial::Failed{3, "no such file"};
    return {};
  };
  const auto winner = bench.run().winner;
  const journal::StudyState after = bench.state();
  for (const auto& [id, trial] : after.trials) {
    if (batch(trial.configuration) == 64) {
      EXPECT_EQ(trial.reason, "diverged: accuracy is nan at epoch 1");
    }
    if (batch(trial.configuration) == 32) {
      EXPECT_EQ(trial.reason, "failed with exit status 3: no such file");
    }
    if (id == winner) {
      EXPECT_EQ(batch(trial.configuration), 128);
    }
  }
}

TEST(Study, ALossThatStaysNaNEndsTheTrialBeforeItsEvaluation) {
  Bench bench(spec_for("random", "[budget]\ntrials = 1\n"));
  bench.program.steps_per_unit = 100;
  bench.program.loss = [](const auto&, double resource) { return resource > 0.5 ? std::nan("") : 1.0; };
  const Conclusion conclusion = bench.run();
  EXPECT_EQ(conclusion.winner, std::nullopt);
  EXPECT_EQ(bench.state().trials.at(0).reason, "diverged: the loss is not a finite number any more");
  EXPECT_TRUE(bench.state().trials.at(0).evaluations.empty());
  EXPECT_LT(bench.state().trials.at(0).seconds.value, 6);
}

TEST(Study, WithoutAnyUsableTrialThereIsNoWinner) {
  Bench bench(spec_for("sm2"));
  bench.program.starts = false;
  const Conclusion conclusion = bench.run();
  EXPECT_EQ(conclusion.state, "finished");
  EXPECT_EQ(conclusion.winner, std::nullopt);
  const journal::StudyState after = bench.state();
  for (const auto& [id, trial] : after.trials) {
    EXPECT_EQ(trial.reason, "failed: cannot start 'train': No such file or directory");
  }
}

TEST(Study, AProgramThatNeverReportsTheMetricFailed) {
  Bench bench(spec_for("random", "[budget]\ntrials = 2\n"));
  bench.program.reports_metric = false;
  EXPECT_EQ(bench.run().winner, std::nullopt);
  EXPECT_EQ(bench.state().trials.at(0).reason, "failed: it ended without ever reporting accuracy");
}

TEST(Study, EndsWhenTheTargetIsReached) {
  Bench bench(spec_for("random"));
  bench.spec.metric.target = 0.7;
  const Conclusion conclusion = bench.run();
  EXPECT_EQ(conclusion.state, "finished");
  const journal::StudyState state = bench.state();
  EXPECT_GE(state.trials.at(conclusion.winner.value()).evaluations.back().metrics.at("accuracy"), 0.7);
  EXPECT_EQ(state.trials.at(*conclusion.winner).state, TrialState::kFinished);
}

TEST(Study, AnEnergyBudgetPausesAndMoreOfItGoesOn) {
  Bench bench(spec_for("sm2-classic", "[budget]\nenergy = \"5.5 kJ\"\n"));
  const Conclusion spent = bench.run();
  EXPECT_EQ(spent.state, "budget");
  EXPECT_FALSE(spent.winner);
  const double joules = trial::total(journal::total_energy(bench.state()))->value;
  EXPECT_GE(joules, 5500);
  EXPECT_LE(joules, 5500 + 2 * 100 + 1e-6);  // a heartbeat more
  bench.spec.budget.energy = Joules(1e9);
  const Conclusion finished = bench.run();
  EXPECT_EQ(finished.state, "finished");
  EXPECT_EQ(batch(bench.state().trials.at(*finished.winner).configuration), 64);
}

TEST(Study, AnEnergyBudgetIsNotKeptInTheDark) {
  Bench bench(spec_for("random", "[budget]\nenergy = \"5 kJ\"\n"));
  bench.blind = true;
  const Conclusion conclusion = bench.run();
  EXPECT_EQ(conclusion.state, "budget");
  EXPECT_NE(conclusion.reason.find("the sensor is gone"), std::string::npos);
}

constexpr const char* kCarbonBudget =
    "[budget]\ncarbon = \"5.5 gCO2e\"\n[energy]\ngrid = \"3600 gCO2e/kWh\"\n";
constexpr const char* kCostBudget = "[budget]\ncost = \"0.0055 EUR\"\n[energy]\nprice = \"3.6 EUR/kWh\"\n";

TEST(Study, ACarbonBudgetPausesAndMoreOfItGoesOn) {
  Bench bench(spec_for("sm2-classic", kCarbonBudget));
  bench.grid = footprint::Grid{3600, "stated"};  // a gram a kilojoule
  const Conclusion spent = bench.run();
  EXPECT_EQ(spent.state, "budget");
  EXPECT_EQ(spent.reason.substr(0, 32), "the budget of 5.50 gCO2e is spen");
  EXPECT_GE(bench.state().footprint.grams, 5.5);
  EXPECT_LE(bench.state().footprint.grams, 5.5 + 0.2 + 1e-6);  // a heartbeat more
  bench.spec.budget.carbon = 1e9;
  EXPECT_EQ(bench.run().state, "finished");
}

TEST(Study, ACarbonBudgetFollowsTheGridOfEachSession) {
  Bench bench(spec_for("random", kCarbonBudget));
  bench.grid = footprint::Grid{360, "at night"};
  int looks = 0;
  bench.run(*bench.journal, 1, [&] { return ++looks > 100 ? 1 : 0; });
  const double before = bench.state().footprint.grams;
  const double joules = trial::total(journal::total_energy(bench.state()))->value;
  ASSERT_GT(before, 0.5);
  EXPECT_NEAR(before, joules / 1e4, 1e-6);
  bench.grid = footprint::Grid{3600, "by day"};
  EXPECT_EQ(bench.run().state, "budget");
  const double more = trial::total(journal::total_energy(bench.state()))->value - joules;
  EXPECT_NEAR(bench.state().footprint.grams, before + more / 1e3, 1e-6);
  EXPECT_NEAR(bench.state().footprint.grams, 5.5, 0.3);
}

TEST(Study, ACostBudgetEndsItAndCountsSessionsWithoutAPriceAtTodays) {
  Bench bench(spec_for("random", kCostBudget));
  const auto price = std::exchange(bench.spec.energy.price, std::nullopt);
  const auto budget = std::exchange(bench.spec.budget.cost, std::nullopt);
  bench.run(*bench.journal, 1, [&] { return bench.clock.monotonic() > Seconds(35) ? 1 : 0; });
  EXPECT_GT(bench.state().footprint.without_price, Joules(3000));
  bench.spec.energy.price = price;
  bench.spec.budget.cost = budget;
  EXPECT_EQ(bench.run().state, "budget");
  EXPECT_NEAR(trial::total(journal::total_energy(bench.state()))->value, 5500, 250);
}

TEST(Study, BudgetsOfCarbonAndCostAreNotKeptInTheDark) {
  for (const char* budget : {kCarbonBudget, kCostBudget}) {
    Bench bench(spec_for("random", budget));
    bench.grid = footprint::Grid{3600, "stated"};
    bench.blind = true;
    const Conclusion conclusion = bench.run();
    EXPECT_EQ(conclusion.state, "budget");
    EXPECT_NE(conclusion.reason.find("cannot be kept"), std::string::npos) << conclusion.reason;
    EXPECT_NE(conclusion.reason.find("the sensor is gone"), std::string::npos) << conclusion.reason;
  }
}

TEST(Study, ACostBudgetIsNotKeptAcrossCurrencies) {
  Bench bench(spec_for("random", kCostBudget));
  bench.spec.budget.cost = footprint::Cost{1000, "EUR"};
  bench.run(*bench.journal, 1, [&] { return bench.clock.monotonic() > Seconds(35) ? 1 : 0; });
  bench.spec.budget.cost = footprint::Cost{1000, "USD"};
  bench.spec.energy.price = footprint::Price{3, "USD"};
  const Conclusion conclusion = bench.run();
  EXPECT_EQ(conclusion.state, "budget");
  EXPECT_EQ(conclusion.reason, "a budget of cost cannot be kept: some energy was priced in EUR, not in USD");
}

TEST(Study, ACarbonBudgetWithoutAGridIsNotKept) {
  Bench bench(spec_for("random", kCarbonBudget));
  const Conclusion conclusion = bench.run();
  EXPECT_EQ(conclusion.state, "budget");
  EXPECT_EQ(conclusion.reason, "a budget of carbon cannot be kept: the grid intensity is not known");
}

TEST(Study, ATimeBudgetEndsIt) {
  Bench bench(spec_for("random", "[budget]\ntime = \"35 s\"\n"));
  EXPECT_EQ(bench.run().state, "budget");
  EXPECT_NEAR(bench.state().active.value, 36, 2);
}

TEST(Study, TheUsersInterruptionPausesAndTheNextStartGoesOn) {
  Bench undisturbed(spec_for("sm2-classic"));
  undisturbed.run();
  Bench bench(spec_for("sm2-classic"));
  const Conclusion interrupted =
      bench.run(*bench.journal, 1, [&] { return bench.clock.monotonic() > Seconds(35) ? 1 : 0; }).value();
  EXPECT_EQ(interrupted.state, "interrupted");
  EXPECT_LT(bench.clock.monotonic().value, 45);
  EXPECT_EQ(bench.run().state, "finished");
  EXPECT_EQ(bench.decisions(), undisturbed.decisions());
}

TEST(Study, ASecondInterruptionLeavesAtOnce) {
  Bench bench(spec_for("random"));
  EXPECT_EQ(bench.run(*bench.journal, 1, [] { return 2; }).value().state, "interrupted");
  EXPECT_EQ(bench.run().state, "finished");
}

TEST(Study, ProgramsWithoutAClientStartAfreshAndRepeatedEvaluationsCountOnce) {
  Bench bench(spec_for("sm2-classic"));
  bench.spec.pattern = "accuracy=(?P<accuracy>.*)";
  bench.spec.options.resumes = false;
  const Conclusion conclusion = bench.run();
  const journal::StudyState state = bench.state();
  EXPECT_EQ(state.trials.at(*conclusion.winner).evaluations.size(), 8u);
  for (const runner::Job& job : bench.jobs) EXPECT_EQ(job.from, 0);
  EXPECT_NEAR(trial::total(journal::total_energy(state))->value, (6 + 3 * 2 + 8) * 1000, 1e-6);
}

TEST(Study, TheProbeIsShortKeptAndSparesTheWasteful) {
  Bench bench(spec_for("sm2"));
  bench.program.steps_per_unit = 100;
  bench.program.unit_time = [](const auto&) { return Seconds(100); };
  // Samples of batch sizes above 128 cost four times as much.
  bench.program.power = [](const auto& configuration) {
    return Watts(batch(configuration) > 128 ? 400 : 100);
  };
  const Conclusion conclusion = bench.run();
  const journal::StudyState state = bench.state();
  EXPECT_EQ(batch(state.trials.at(conclusion.winner.value()).configuration), 64);
  for (const auto& [id, trial] : state.trials) {
    if (batch(trial.configuration) <= 128) continue;
    EXPECT_EQ(trial.state, TrialState::kStopped);
    EXPECT_TRUE(trial.evaluations.empty());
    EXPECT_NE(trial.reason.find("J per sample"), std::string::npos) << trial.reason;
    EXPECT_LT(trial.seconds.value, 8);
  }
  EXPECT_NEAR(state.trials.at(*conclusion.winner).seconds.value, 800, 5);  // the probe's training is kept
}

TEST(Study, ABatchThatDoesNotFitSparesLargerOnes) {
  Bench bench(spec_for("sm2"));
  bench.program.breaks = [](const auto& configuration, double) -> std::optional<trial::Outcome> {
    if (batch(configuration) >= 128) return trial::OutOfMemory{"CUDA out of memory"};
    return {};
  };
  bench.run();
  const journal::StudyState state = bench.state();
  EXPECT_EQ(bench.jobs.size(), 4u + 1u);  // 16 to 128 are probed; 256 and 512 never started
  for (const auto& [id, trial] : state.trials) {
    if (batch(trial.configuration) < 256) continue;
    EXPECT_EQ(trial.state, TrialState::kStopped);
    EXPECT_EQ(trial.reason, "not tried: batch size 128 did not fit into memory already");
  }
}

config::Spec spec_with_rates(const std::string& strategy) {
  config::Spec spec = spec_for(strategy);
  spec.space = *space::Space::make({{"batch_size", spec.space.find("batch_size")->domain, {}},
                                    {"learning_rate", space::Real{1e-3, 1, {}, space::Scale::kLog}, {}}});
  return spec;
}

std::optional<trial::Outcome> too_large_from_128(const space::Configuration& configuration, double) {
  if (batch(configuration) < 128) return {};
  return trial::OutOfMemory{"CUDA out of memory"};
}

// Started although it could be known that they do not fit.
int needless_starts(const std::vector<runner::Job>& jobs) {
  int needless = 0;
  double smallest = std::numeric_limits<double>::infinity();
  for (const runner::Job& job : jobs) {
    const double size = batch(job.configuration);
    needless += size >= smallest;
    if (size >= 128) smallest = std::min(smallest, size);
  }
  return needless;
}

TEST(Study, NoStrategyStartsWhatIsKnownNotToFit) {
  for (const char* name : {"sm2", "sm2-classic", "successive-halving", "random", "sobol", "tpe", "evolution",
                           "grid", "asha", "asha-stop", "hyperband", "pbt"}) {
    Bench bench(spec_with_rates(name));
    bench.program.breaks = too_large_from_128;
    const Conclusion conclusion = bench.run();
    EXPECT_EQ(needless_starts(bench.jobs), 0) << name;
    ASSERT_TRUE(conclusion.winner) << name;
    const journal::StudyState after = bench.state();
    EXPECT_LT(batch(after.trials.at(*conclusion.winner).configuration), 128) << name;
    for (const auto& [id, trial] : after.trials) {
      if (trial.reason.find("not started: batch size") == std::string::npos) continue;
      EXPECT_NE(trial.state, TrialState::kFinished) << name;
      EXPECT_TRUE(trial.energy.empty()) << name;
    }
  }
}

TEST(Study, WhatDidNotFitBesideOthersMayFitAlone) {
  Bench bench(spec_with_rates("random"));
  bench.program.breaks = too_large_from_128;
  ASSERT_TRUE(bench.run(*bench.journal, 3));
  EXPECT_GT(needless_starts(bench.jobs), 0);
}

TEST(Study, WhatDidNotFitMayFitInAnotherSession) {
  Bench bench(spec_with_rates("random"));
  bench.program.breaks = too_large_from_128;
  const auto one_failed = [&] {
    const journal::StudyState so_far = bench.state();
    return std::ranges::any_of(so_far.trials,
                               [](const auto& each) { return each.second.state == TrialState::kFailed; })
               ? 1
               : 0;
  };
  ASSERT_EQ(bench.run(*bench.journal, 1, one_failed).value().state, "interrupted");
  EXPECT_EQ(needless_starts(bench.jobs), 0);
  ASSERT_TRUE(bench.run().winner);
  EXPECT_GT(needless_starts(bench.jobs), 0) << "in the second session they are tried";
}

TEST(Study, SeveralWorkersComeToTheSameWinner) {
  Bench bench(spec_for("successive-halving"));
  const auto conclusion = bench.run(*bench.journal, 3).value();
  EXPECT_EQ(batch(bench.state().trials.at(*conclusion.winner).configuration), 64);
  EXPECT_LT(bench.clock.monotonic().value, 110);
}

TEST(Study, AJournalOfOtherDecisionsIsRefused) {
  Bench bench(spec_for("random"));
  testing::FailingJournal failing(*bench.journal, 5);
  ASSERT_FALSE(bench.run(failing));
  bench.spec.options.seed = 99;
  const auto refused = bench.run(*bench.journal);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("is not what this version of sm2 decides"), std::string::npos);
}

// ---- verdicts ----

Bench judging() {
  Bench bench(spec_for("random"));
  bench.make = [] { return std::make_unique<Judging>(verdict_on); };
  bench.program.unit_time = [](const auto&) { return Seconds(0.2); };  // few heartbeats to crash at
  return bench;
}

TEST(Study, AVerdictEndsAStretchAtItsEvaluation) {
  Bench bench = judging();
  EXPECT_EQ(bench.run().state, "finished");
  const journal::StudyState state = bench.state();
  const journal::Trial& stopped = state.trials.at(5);
  EXPECT_EQ(batch(stopped.configuration), 512);
  EXPECT_EQ(stopped.state, TrialState::kStopped);
  EXPECT_EQ(stopped.reason, "stopped: 0.45 is too little");
  EXPECT_EQ(stopped.evaluations.size(), 1u);
  const journal::Trial& paused = state.trials.at(2);
  EXPECT_EQ(paused.segments.size(), 2u);
  EXPECT_TRUE(std::holds_alternative<trial::Paused>(paused.segments[0].outcome.value()));
  EXPECT_EQ(paused.checkpoint_resource, 3);
  EXPECT_EQ(paused.evaluations.size(), 8u);
}

TEST(Study, EveryEvaluationThatIsNotTheLastOfItsStretchIsJudgedOnce) {
  Bench bench(spec_for("random"));
  std::vector<std::pair<trial::TrialId, double>> judged;
  bench.make = [&] {
    return std::make_unique<Judging>([&](trial::TrialId id, const trial::Stretch& so_far) {
      judged.emplace_back(id, so_far.reached);
      return strategy::Verdict{};
    });
  };
  bench.program.curve = [](const auto& configuration, double resource) {
    return batch(configuration) == 512 && resource == 2 ? std::nan("") : peaked(configuration, resource);
  };
  bench.run();
  std::vector<std::pair<trial::TrialId, double>> expected;
  for (int id = 0; id < 5; ++id) {
    for (int unit = 1; unit < 8; ++unit) expected.emplace_back(id, unit);
  }
  expected.emplace_back(5, 1);  // the second one is not a number
  EXPECT_EQ(judged, expected);
}

TEST(Study, ACrashAtAnyCommitChangesNoVerdict) {
  Bench undisturbed = judging();
  undisturbed.run();
  int crashes = 0;
  for (int appends = 0;; ++appends) {
    Bench bench = judging();
    testing::FailingJournal failing(*bench.journal, appends);
    if (bench.run(failing)) break;
    ++crashes;
    ASSERT_TRUE(bench.run(*bench.journal)) << appends;
    ASSERT_EQ(bench.decisions(), undisturbed.decisions()) << appends;
    const journal::StudyState after = bench.state(), wanted = undisturbed.state();
    for (const auto& [id, trial] : after.trials) {
      const journal::Trial& same = wanted.trials.at(id);
      ASSERT_EQ(trial.state, same.state) << appends;
      ASSERT_EQ(trial.reason, same.reason) << appends;
      ASSERT_EQ(trial.segments.size(), same.segments.size()) << appends;
      ASSERT_EQ(trial.evaluations.size(), same.evaluations.size()) << "trial " << id << " after " << appends;
    }
  }
  EXPECT_GT(crashes, 30);
}

TEST(Study, AProgramWithoutACheckpointAtItsPauseIsAskedForItAgain) {
  int killed = 0;
  for (int appends = 0; killed == 0 && appends < 1000; ++appends) {
    Bench fresh = judging();
    testing::FailingJournal failing(*fresh.journal, appends);
    ASSERT_FALSE(fresh.run(failing));
    const journal::StudyState state = fresh.state();
    const auto trial = state.trials.find(0);
    if (trial == state.trials.end() || trial->second.resource != 3) continue;
    ++killed;  // with the evaluation that the verdict is on as the last thing kept
    fresh.run();
    ASSERT_EQ(fresh.jobs.at(1).trial, 0);
    EXPECT_EQ(fresh.jobs[1].from, 0);
    EXPECT_EQ(fresh.jobs[2].trial, 0) << "it went on from its pause";
    EXPECT_EQ(fresh.jobs[2].from, 3);
    EXPECT_EQ(fresh.state().trials.at(0).evaluations.size(), 8u);
  }
  EXPECT_EQ(killed, 1);
}

TEST(Study, AStopThatAKillCameBetweenIsSettledWithoutTraining) {
  int killed = 0;
  for (int appends = 0; killed == 0 && appends < 1000; ++appends) {
    Bench bench = judging();
    testing::FailingJournal failing(*bench.journal, appends);
    ASSERT_FALSE(bench.run(failing));
    const journal::StudyState state = bench.state();
    const auto trial = state.trials.find(5);
    if (trial == state.trials.end() || trial->second.evaluations.empty()) continue;
    ++killed;
    const std::size_t started = bench.jobs.size();
    bench.run();
    EXPECT_EQ(bench.jobs.size(), started);
    EXPECT_EQ(bench.state().trials.at(5).reason, "stopped: 0.45 is too little");
  }
  EXPECT_EQ(killed, 1);
}

TEST(Study, ATargetThatWasReachedBeforeAKillEndsTheStudy) {
  Bench undisturbed(spec_for("random"));
  undisturbed.spec.metric.target = 0.7;
  const auto winner = undisturbed.run().winner;
  for (int appends = 0;; ++appends) {
    Bench bench(spec_for("random"));
    bench.spec.metric.target = 0.7;
    testing::FailingJournal failing(*bench.journal, appends);
    if (bench.run(failing)) break;
    const Conclusion conclusion = bench.run();
    ASSERT_EQ(conclusion.winner, winner) << appends;
    ASSERT_EQ(bench.state().trials.at(*winner).evaluations.size(),
              undisturbed.state().trials.at(*winner).evaluations.size())
        << appends;
  }
}

// ---- parents ----

Bench with_child(double parent_until = 3) {
  Bench bench(spec_for("random"));
  bench.make = [parent_until] {
    trial::Train child = train(1, 64, 8);
    child.parent = 0;
    return std::make_unique<Scripted>(
        std::vector<trial::Decision>{train(0, 16, parent_until), child, trial::Finish{1, "done"}});
  };
  return bench;
}

TEST(Study, AChildGoesOnFromACopyOfItsParentsCheckpoint) {
  Bench bench = with_child();
  EXPECT_EQ(bench.run().winner, 1);
  ASSERT_EQ(bench.jobs.size(), 2u);
  EXPECT_EQ(bench.jobs[1].from, 3);
  EXPECT_EQ(bench.jobs[1].checkpoint, bench.state().trials.at(0).checkpoint);
  const std::string name = *bench.jobs[1].checkpoint;
  EXPECT_EQ(bench.copies,
            std::vector<std::string>{"/nowhere/0/checkpoints/" + name + " /nowhere/1/checkpoints/" + name});
  const journal::StudyState state = bench.state();
  EXPECT_EQ(state.trials.at(1).evaluations.size(), 5u);
  EXPECT_EQ(state.trials.at(1).evaluations[0].resource, 4);
  EXPECT_NEAR(trial::total(state.trials.at(1).energy)->value, 5000, 1e-6) << "from the copy on";
}

TEST(Study, AChildWhoseParentHasNoCheckpointFails) {
  Bench bench = with_child();
  bench.spec.pattern = "accuracy=(?P<accuracy>.*)";  // such programs have none
  bench.run();
  const journal::Trial child = bench.state().trials.at(1);
  EXPECT_EQ(child.state, TrialState::kFailed);
  EXPECT_EQ(child.reason, "failed: trial 0, which it goes on from, has no checkpoint");
  EXPECT_TRUE(bench.copies.empty());
}

TEST(Study, ACopyThatTheUserEndsIsMadeByTheNextSession) {
  Bench bench = with_child();
  int interruptions = 0;
  bench.copied = [&]() -> base::Result<> {
    interruptions = 2;
    return base::fail("ended");
  };
  EXPECT_EQ(bench.run(*bench.journal, 1, [&] { return interruptions; })->state, "interrupted");
  EXPECT_EQ(bench.copies.size(), 1u);
  bench.copied = {};
  EXPECT_EQ(bench.run().winner, 1);
  EXPECT_EQ(bench.copies.size(), 2u);
}

TEST(Study, ACrashAtAnyCommitLeavesAChildWhereItBegan) {
  int crashes = 0;
  for (int appends = 0;; ++appends) {
    Bench bench = with_child();
    testing::FailingJournal failing(*bench.journal, appends);
    if (bench.run(failing)) break;
    ++crashes;
    ASSERT_EQ(bench.run(*bench.journal)->winner, 1) << appends;
    const journal::StudyState state = bench.state();
    ASSERT_EQ(state.trials.at(1).evaluations.size(), 5u) << appends;
    for (const runner::Job& job : bench.jobs) {
      ASSERT_GE(job.from, job.trial == 1 ? 3 : 0) << appends;
    }
    for (const std::string& copy : bench.copies) ASSERT_EQ(copy, bench.copies[0]);
  }
  EXPECT_GT(crashes, 20);
}

// ---- power limits ----

struct Tuned {
  explicit Tuned(bool asked = true, double until = 8) : bench(spec_for("random")) {
    bench.knob = &knob;
    bench.program.steps_per_unit = 100;
    bench.program.unit_time = [this](const auto&) { return Seconds(1000 / (knob.now().value - 50)); };
    bench.program.power = [this](const auto&) { return knob.now(); };
    bench.make = [asked, until] {
      trial::Train first = train(0, 16, until), second = train(0, 16, 8);
      first.tune_power = second.tune_power = asked;
      std::vector<trial::Decision> decisions{first};
      if (until < 8) decisions.push_back(second);
      decisions.push_back(trial::Finish{0, "done"});
      return std::make_unique<Scripted>(decisions);
    };
  }
  testing::FakePowerKnob knob{{Watts(75), Watts(100), Watts(200), Watts(300)}};
  Bench bench;
};

TEST(Study, ATrialsPowerLimitIsTunedWhileItTrainsAndPutBack) {
  // A sample costs limit / (limit - 50) times as much: the highest limit is the best.
  Tuned tuned;
  tuned.bench.run();
  const journal::Trial trial = tuned.bench.state().trials.at(0);
  EXPECT_EQ(trial.progress.power_limit, Watts(300));
  EXPECT_EQ(tuned.knob.tried, (std::vector<Watts>{Watts(300), Watts(200), Watts(100), Watts(300)}));
  EXPECT_TRUE(tuned.knob.restored());
  EXPECT_NEAR(trial.progress.joules_per_sample.value(), 300.0 * (1000 / 250.0) / 1000, 0.01)
      << "at the limit kept";
}

TEST(Study, ATrialThatGoesOnKeepsTheLimitThatWasFound) {
  Tuned tuned(true, 4);
  tuned.bench.run();
  EXPECT_EQ(tuned.knob.tried,
            (std::vector<Watts>{Watts(300), Watts(200), Watts(100), Watts(300), Watts(300)}));
  EXPECT_EQ(tuned.bench.state().trials.at(0).progress.power_limit, Watts(300));
}

TEST(Study, NoPowerLimitIsTouchedUnlessTheStrategyAsksAndTrialsAreAlone) {
  Tuned unasked(false);
  unasked.bench.run();
  EXPECT_TRUE(unasked.knob.tried.empty());
  Tuned together;
  together.bench.run(*together.bench.journal, 2);
  EXPECT_TRUE(together.knob.tried.empty());
  EXPECT_FALSE(together.bench.state().trials.at(0).progress.power_limit);
}

TEST(Study, APowerLimitThatCannotBeSetIsATrialsNoteAndNothingMore) {
  Tuned tuned;
  tuned.knob.refusal = "run as root";
  tuned.bench.run();
  const journal::Trial trial = tuned.bench.state().trials.at(0);
  EXPECT_EQ(trial.state, TrialState::kFinished);
  EXPECT_EQ(trial.note, "its power limit was not tuned: run as root");
}

TEST(Study, APowerLimitIsPutBackWhenTheUserLeaves) {
  for (const int times : {1, 2}) {
    Tuned tuned;
    const auto leave = [&] { return tuned.bench.clock.monotonic() > Seconds(5) ? times : 0; };
    tuned.bench.run(*tuned.bench.journal, 1, leave);
    EXPECT_FALSE(tuned.knob.tried.empty());
    EXPECT_TRUE(tuned.knob.restored());
  }
}

TEST(Study, ANoiseScaleThatIsReportedIsInTheProgress) {
  Bench bench(spec_for("random", "[budget]\ntrials = 1\n"));
  bench.program.steps_per_unit = 20;
  bench.program.noise_scale = 512;
  bench.run();
  EXPECT_NEAR(bench.state().trials.at(0).progress.noise_scale.value(), 512, 1e-6);
  Bench unusable(spec_for("random", "[budget]\ntrials = 1\n"));
  unusable.program.steps_per_unit = 20;
  unusable.program.noise_scale = -1;
  unusable.run();
  EXPECT_FALSE(unusable.state().trials.at(0).progress.noise_scale);
}

// ---- limits of a trial ----

TEST(Study, ATrialThatUsesMoreEnergyThanItsLimitIsNotUsable) {
  Bench bench(spec_for("grid", "[limits]\nenergy = \"5 kJ\"\n"));
  bench.program.power = [](const auto& configuration) {
    return Watts(batch(configuration) == 64 ? 100 : 10);
  };
  const auto winner = bench.run().winner;
  const journal::StudyState state = bench.state();
  for (const auto& [id, trial] : state.trials) {
    if (batch(trial.configuration) != 64) continue;
    EXPECT_NE(id, winner);
    EXPECT_EQ(trial.state, TrialState::kFailed);
    EXPECT_EQ(trial.reason.substr(0, 32), "limit energy exceeded: 5.00 kJ +") << trial.reason;
    EXPECT_LE(trial::total(trial.energy)->value, 5200 + 1e-6);  // a heartbeat more
  }
  EXPECT_EQ(batch(state.trials.at(winner.value()).configuration), 32);
}

TEST(Study, ATrialThatTakesLongerThanItsLimitInAllStretchesIsTimedOut) {
  Bench bench(spec_for("successive-halving", "[limits]\ntime = \"45 s\"\n"));
  bench.run();
  const journal::StudyState state = bench.state();
  int timed_out = 0;
  for (const auto& [id, trial] : state.trials) {
    if (trial.reason.find("timed out: limit time reached after 45.0 s") == std::string::npos) continue;
    ++timed_out;
    EXPECT_EQ(trial.state, TrialState::kFailed);
    EXPECT_GT(trial.segments.size(), 1u);
    EXPECT_EQ(trial.evaluations.size(), 4u);
  }
  EXPECT_GE(timed_out, 1);
}

TEST(Study, ATrialThatHoldsMoreMemoryThanItsLimitIsOutOfMemory) {
  Bench bench(spec_for("grid", "[limits]\nmemory = \"8 GiB\"\n"));
  bench.program.steps_per_unit = 10;
  bench.program.memory = [](const auto& configuration, double) {
    return std::optional<std::size_t>(static_cast<std::size_t>(batch(configuration)) << 26);
  };
  bench.run();
  const journal::StudyState after = bench.state();
  for (const auto& [id, trial] : after.trials) {
    const bool fits = batch(trial.configuration) <= 128;
    EXPECT_EQ(trial.state, fits ? TrialState::kFinished : TrialState::kFailed) << batch(trial.configuration);
    if (batch(trial.configuration) == 256) {
      EXPECT_EQ(trial.reason, "out of memory: limit memory: 16.00 GiB of 8.00 GiB");
    }
  }
}

TEST(Study, ALimitOfEnergyIsNotKeptInTheDark) {
  Bench bench(spec_for("random", "[limits]\nenergy = \"5 kJ\"\n"));
  bench.blind = true;
  EXPECT_FALSE(bench.run().winner);
  const std::string reason = bench.state().trials.at(0).reason;
  EXPECT_NE(reason.find("it cannot be kept"), std::string::npos) << reason;
  EXPECT_NE(reason.find("the sensor is gone"), std::string::npos) << reason;
}

// Which trial was given what, in order: "0 gpu-0".
std::vector<std::string> launches(const Bench& bench) {
  std::vector<std::string> all;
  const auto events = bench.journal->read().value();
  for (const trial::Event& event : events) {
    if (const auto* launched = std::get_if<trial::Launched>(&event.body))
      all.push_back(fmt::format("{} {}", launched->trial, trial::names(launched->devices.value())));
  }
  return all;
}

TEST(Study, ATrialHoldsItsDevicesUntilItsProcessEnds) {
  Bench bench(spec_for("random", "[budget]\ntrials = 5\n"));
  bench.devices.emplace(trial::Devices{gpu(0), gpu(1)}, runner::DevicePool::Terms{1, false, {}});
  bench.program.unit_time = [](const auto& configuration) { return Seconds(batch(configuration)); };
  ASSERT_EQ(bench.run(*bench.journal, 2)->state, "finished");
  std::map<trial::TrialId, std::string> holds;
  const auto events = bench.journal->read().value();
  for (const trial::Event& event : events) {
    if (const auto* launched = std::get_if<trial::Launched>(&event.body)) {
      const std::string own = trial::names(launched->devices.value());
      for (const auto& [id, other] : holds) EXPECT_NE(own, other) << launched->trial << " beside " << id;
      holds[launched->trial] = own;
    }
    if (const auto* exited = std::get_if<trial::Exited>(&event.body)) holds.erase(exited->trial);
  }
  EXPECT_EQ(bench.jobs.size(), 5u);
  for (std::size_t at = 0; at < bench.jobs.size(); ++at) {
    const trial::Device& own = bench.jobs[at].devices.value().at(0);
    EXPECT_EQ(bench.held.at(at), std::vector{own.part}) << "the meter charges what the program sees";
    EXPECT_EQ(bench.state().trials.at(bench.jobs[at].trial).devices, trial::Devices{own});
  }
}

TEST(Study, WithoutDevicesATrialUsesWhatThereIs) {
  Bench bench(spec_for("random", "[budget]\ntrials = 1\n"));
  bench.run();
  EXPECT_EQ(bench.jobs.at(0).devices, std::nullopt);
  EXPECT_EQ(bench.held.at(0), std::nullopt);
  EXPECT_EQ(bench.state().trials.at(0).devices, std::nullopt);
}

TEST(Study, ATrialThatGoesOnInAnotherSessionPrefersWhatItHad) {
  Bench bench(spec_for("random", "[budget]\ntrials = 2\n"));
  const auto afresh = [&] {
    bench.devices.emplace(trial::Devices{gpu(0), gpu(1)}, runner::DevicePool::Terms{1, false, {}});
  };
  afresh();
  testing::FailingJournal failing(*bench.journal, 80);
  ASSERT_FALSE(bench.run(failing));
  ASSERT_EQ(launches(bench), (std::vector<std::string>{"0 gpu-0", "1 gpu-1"})) << "one after the other";
  afresh();
  ASSERT_TRUE(bench.run(*bench.journal));
  EXPECT_EQ(launches(bench).at(2), "1 gpu-1");
}

TEST(Study, ATrialThatCannotBeginGivesItsDevicesBack) {
  Bench bench(spec_for("random", "[budget]\ntrials = 3\n"));
  bench.devices.emplace(trial::Devices{gpu(0)}, runner::DevicePool::Terms{1, false, {}});
  bench.program.starts = false;
  EXPECT_EQ(bench.run().state, "finished");
  EXPECT_EQ(launches(bench).size(), 3u);
}

TEST(Study, WithTooFewDevicesLeftItIsInterruptedAndGoesOn) {
  Bench bench(spec_for("random", "[budget]\ntrials = 3\n"));
  int asked = 0;
  bench.devices.emplace(trial::Devices{gpu(0)}, runner::DevicePool::Terms{1, false, {}},
                        [&](const trial::Device&) { return ++asked == 2; });
  const Conclusion conclusion = bench.run();
  EXPECT_EQ(conclusion.state, "interrupted");
  EXPECT_EQ(conclusion.reason, "too few devices are left for a trial");
  EXPECT_EQ(launches(bench).size(), 1u);
  bench.devices.emplace(trial::Devices{gpu(1)}, runner::DevicePool::Terms{1, false, {}});
  EXPECT_EQ(bench.run().state, "finished");
  EXPECT_EQ(launches(bench), (std::vector<std::string>{"0 gpu-0", "1 gpu-1", "2 gpu-1"}));
}

TEST(Study, AStudyThatNeedsNoDeviceAnyMoreFinishesWithoutOne) {
  Bench bench(spec_for("random", "[budget]\ntrials = 1\n"));
  int asked = 0;
  bench.devices.emplace(trial::Devices{gpu(0)}, runner::DevicePool::Terms{1, false, {}},
                        [&](const trial::Device&) { return ++asked > 1; });
  EXPECT_EQ(bench.run().state, "finished");
}

}  // namespace
}  // namespace sm2::study
