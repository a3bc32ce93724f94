// A study whose store is out of order for a while.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "config/study_file.h"
#include "journal/memory.h"
#include "study/study.h"
#include "testing/fake_meter.h"
#include "testing/fake_runner.h"
#include "testing/unwell_journal.h"

namespace sm2::study {
namespace {

using base::Seconds;
using ::testing::HasSubstr;

constexpr const char* kFile = R"(
[study]
name = "test"
command = ["train", "--batch={batch_size}"]
metric = { name = "accuracy" }
resource = { unit = "epoch", min = 1, max = 4 }
[space]
batch_size = { values = [16, 32, 64, 128] }
[strategy]
name = "successive-halving"
)";

double peaked(const space::Configuration& configuration, double resource) {
  return 1 - std::abs(std::log2(space::as_number(configuration.at("batch_size")) / 64)) * 0.1 -
         0.5 / (1 + resource);
}

// A runner that insists: a program hears nothing of an evaluation that is not in the journal, and starts only when its
// launch is.
class Strict final : public runner::Runner {
 public:
  Strict(runner::Runner& programs, const journal::Journal& kept) : programs_(programs), kept_(kept) {}

  base::Result<> start(const runner::Job& job) override {
    EXPECT_TRUE(journal::fold(*kept_.read()).trials.at(job.trial).process_running);
    return programs_.start(job);
  }
  std::vector<runner::Event> wait(Seconds timeout) override {
    auto events = programs_.wait(timeout);
    for (const runner::Event& event : events) {
      if (const auto* said = std::get_if<runner::Evaluation>(&event)) waiting_[said->trial] = *said->resource;
      if (const auto* left = std::get_if<runner::Exit>(&event)) waiting_.erase(left->trial);
    }
    return events;
  }
  void answer(runner::TrialId trial, trial::Action action) override {
    expect_stored(trial);
    waiting_.erase(trial);
    programs_.answer(trial, action);
  }
  void end(runner::TrialId trial, trial::Action action) override {
    expect_stored(trial);
    programs_.end(trial, action);
  }
  std::optional<Seconds> cpu_time(runner::TrialId trial) const override { return programs_.cpu_time(trial); }
  std::vector<pid_t> processes(runner::TrialId trial) const override { return programs_.processes(trial); }

 private:
  void expect_stored(runner::TrialId trial) const {
    const auto waits = waiting_.find(trial);
    if (waits == waiting_.end()) return;
    EXPECT_EQ(journal::fold(*kept_.read()).trials.at(trial).resource, waits->second)
        << "acknowledged before it is durable";
  }

  runner::Runner& programs_;
  const journal::Journal& kept_;
  std::map<runner::TrialId, double> waiting_;
};

struct Bench {
  explicit Bench(const std::string& more = "")
      : spec(config::parse_study(kFile + more, "test.toml").value()), kept(*store.create("test")) {
    program.curve = peaked;
    program.steps_per_unit = 4;
  }

  base::Result<Conclusion> run(Interruptions interruptions = [] { return 0; }) {
    testing::FakeMeter meter(clock);
    testing::FakeRunner programs(clock, meter, program);
    Strict runner(programs, *kept);
    const auto strategy = strategy::make(spec.strategy, spec.space, spec.options).value();
    Setup setup{
        spec, *strategy, runner, meter, journal, clock, "/nowhere", workers, std::move(interruptions)};
    setup.say = [this](const std::string& line) { said.push_back(line); };
    const auto whole = meter.open({});
    auto conclusion = Study(std::move(setup)).run();
    used += *trial::total(whole->read());
    starts += programs.started().size();
    return conclusion;
  }

  journal::StudyState state() const { return journal::fold(*kept->read()); }

  std::vector<trial::Decision> decisions() const {
    std::vector<trial::Decision> all;
    const auto events = kept->read().value();
    for (const trial::Event& event : events) {
      if (const auto* decided = std::get_if<trial::Decided>(&event.body)) all.push_back(decided->decision);
    }
    return all;
  }

  // Every trial's evaluations: where, and with what metric.
  std::map<trial::TrialId, std::vector<std::pair<double, double>>> evaluations() const {
    std::map<trial::TrialId, std::vector<std::pair<double, double>>> all;
    const journal::StudyState after = state();
    for (const auto& [id, trial] : after.trials) {
      for (const auto& evaluation : trial.evaluations)
        all[id].emplace_back(evaluation.resource, evaluation.metrics.at("accuracy"));
    }
    return all;
  }

  config::Spec spec;
  testing::FakeProgram program;
  testing::FakeClock clock;
  journal::MemoryStore store;
  std::unique_ptr<journal::Journal> kept;
  testing::UnwellJournal journal{*kept, clock};
  int workers = 1;
  base::Joules used;  // by all programs, whatever is stored
  std::size_t starts = 0;
  std::vector<std::string> said;
};

TEST(Pause, AtAnyTimeChangesNoDecisionAndLosesNothing) {
  for (const int workers : {1, 2}) {
    Bench undisturbed;
    undisturbed.workers = workers;
    undisturbed.run().value();
    for (double begin = 0; begin < undisturbed.clock.monotonic().value; begin += 3.1) {
      Bench bench;
      bench.workers = workers;
      bench.journal.fail_from(Seconds(begin), Seconds(begin + 60));
      ASSERT_EQ(bench.run().value().state, "finished");
      ASSERT_EQ(bench.said.size(), 2u) << begin;
      if (workers == 1) {
        ASSERT_EQ(bench.decisions(), undisturbed.decisions()) << begin;
      }
      ASSERT_EQ(bench.evaluations(), undisturbed.evaluations()) << begin;
      ASSERT_EQ(bench.starts, undisturbed.starts) << "at " << begin;
      const auto stored = trial::total(journal::total_energy(bench.state())).value();
      if (workers == 1) {
        ASSERT_NEAR(stored.value, bench.used.value, 1e-6) << begin;
      }
    }
  }
}

TEST(Pause, TimeInWhichAProgramWaitsIsNotItsOwn) {
  Bench undisturbed;
  undisturbed.run().value();
  for (const double begin : {0.0, 5.0, 35.0}) {
    Bench bench("[limits]\ntime = \"100 s\"\n");
    bench.journal.fail_from(Seconds(begin), Seconds(begin + 1000));
    ASSERT_TRUE(bench.run());
    const journal::StudyState after = bench.state(), before = undisturbed.state();
    for (const auto& [id, trial] : after.trials) {
      EXPECT_NEAR(trial.seconds.value, before.trials.at(id).seconds.value, 1e-6) << begin;
      EXPECT_NE(trial.state, journal::TrialState::kFailed) << trial.reason;
    }
  }
}

TEST(Pause, WhatAProgramUsesWhileItWaitsIsNoCostOfItsSteps) {
  Bench undisturbed;
  undisturbed.run().value();
  Bench bench;
  bench.journal.fail_from(Seconds(75), Seconds(1000));  // in the winner's last stretch
  bench.run().value();
  const auto progress = [](const Bench& of) {
    const journal::StudyState state = of.state();
    return state.trials.at(*state.winner).progress;
  };
  EXPECT_NEAR(*progress(bench).joules_per_sample, *progress(undisturbed).joules_per_sample, 1e-6);
  EXPECT_NEAR(*progress(bench).seconds_per_sample, *progress(undisturbed).seconds_per_sample, 1e-6);
}

TEST(Pause, TheUserMayLeaveInIt) {
  Bench undisturbed;
  undisturbed.run().value();
  for (double begin = 0; begin < undisturbed.clock.monotonic().value; begin += 5.3) {
    Bench bench;
    bench.journal.fail_from(Seconds(begin), Seconds(1e9));
    const auto left =
        bench.run([&] { return bench.clock.monotonic() > Seconds(begin + 30) ? 1 : 0; }).value();
    ASSERT_EQ(left.state, "interrupted");
    ASSERT_GT(left.unstored, Seconds(15)) << begin;
    bench.journal.forget();
    ASSERT_EQ(bench.run().value().state, "finished");
    ASSERT_EQ(bench.decisions(), undisturbed.decisions()) << begin;
    ASSERT_EQ(bench.evaluations(), undisturbed.evaluations()) << begin;
  }
}

TEST(Pause, AStoreThatIsBackWhenTheUserLeavesTakesEverything) {
  Bench bench;
  bench.journal.fail_from(Seconds(5), Seconds(29.9));
  const auto left = bench.run([&] { return bench.clock.monotonic() > Seconds(30) ? 1 : 0; }).value();
  EXPECT_EQ(left.state, "interrupted");
  EXPECT_EQ(left.unstored, Seconds(0));
  EXPECT_EQ(bench.state().closed, "interrupted");
}

TEST(Pause, WhatDoesNotPassEndsTheStudy) {
  Bench bench;
  bench.journal.fail_from(Seconds(5), Seconds(1e9));
  bench.journal.fail_with("store: its file was deleted", false);
  const auto ended = bench.run();
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().message, "store: its file was deleted");
}

TEST(Pause, ASlowStoreSlowsTheStudyAndNothingElse) {
  Bench undisturbed;
  undisturbed.run().value();
  Bench bench("[limits]\ntime = \"100 s\"\n");
  bench.journal.take(Seconds(2));
  ASSERT_EQ(bench.run().value().state, "finished");
  EXPECT_EQ(bench.decisions(), undisturbed.decisions());
  EXPECT_EQ(bench.evaluations(), undisturbed.evaluations());
  EXPECT_NEAR(trial::total(journal::total_energy(bench.state())).value().value, bench.used.value, 1e-6);
  EXPECT_TRUE(bench.said.empty());
}

// A budget ends programs that train in a pause; nothing that waits is told before its evaluation is stored (Strict).
TEST(Pause, ABudgetHoldsInIt) {
  Bench bench("[budget]\nenergy = \"9 kJ\"\n");
  bench.journal.fail_from(Seconds(15), Seconds(2000));
  EXPECT_EQ(bench.run().value().state, "budget");
  EXPECT_EQ(bench.state().closed, "budget");
}

}  // namespace
}  // namespace sm2::study
