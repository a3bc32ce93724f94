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

// One study on fakes; the journal and the checkpoints outlive a session, the rest does not.
struct Bench {
  explicit Bench(config::Spec the_spec) : spec(std::move(the_spec)), journal(*store.create("test")) {
    program.curve = peaked;
  }

  base::Result<Conclusion> run(
      journal::Journal& over, int workers = 1, Interruptions interruptions = [] { return 0; }) {
    testing::FakeMeter meter(clock);
    testing::FakeRunner runner(clock, meter, program);
    auto strategy = *strategy::make(spec.strategy, spec.space, spec.options);
    if (blind) meter.fail("the sensor is gone");
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
                 {}});
    auto conclusion = study.run();
    jobs.insert(jobs.end(), runner.started().begin(), runner.started().end());
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

  config::Spec spec;
  std::optional<footprint::Grid> grid;  // of the sessions to come
  bool blind = false;                   // no energy can be read
  FakeProgram program;
  testing::FakeClock clock;
  journal::MemoryStore store;
  std::unique_ptr<journal::Journal> journal;
  std::vector<runner::Job> jobs;
};

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
      ASSERT_EQ(bench.decisions(), undisturbed.decisions()) << name << " after " << appends;
      const journal::StudyState after = bench.state();
      for (const auto& [id, trial] : after.trials) {
        std::set<double> resources;
        for (const auto& evaluation : trial.evaluations)
          ASSERT_TRUE(resources.insert(evaluation.resource).second);
        ASSERT_EQ(resources.size(), undisturbed.state().trials.at(id).evaluations.size());
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

}  // namespace
}  // namespace sm2::study
