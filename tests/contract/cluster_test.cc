// Studies whose trials run at workers that come and go, in simulated time: the study's own loop, a crew, and workers that
// take turns while the study waits.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "base/random.h"
#include "cluster/crew.h"
#include "cluster/worker.h"
#include "config/study_file.h"
#include "journal/memory.h"
#include "study/study.h"
#include "testing/fake_clock.h"
#include "testing/fake_disk.h"
#include "testing/fake_mailbox.h"
#include "testing/fake_meter.h"
#include "testing/fake_runner.h"

namespace sm2::cluster {
namespace {

using base::Seconds;
using testing::FakeProgram;
using ::testing::HasSubstr;
using trial::TrialId;

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

config::Spec spec_for(const std::string& strategy) {
  std::string text = kFile;
  text.replace(text.find("NAME"), 4, strategy);
  return config::parse_study(text, "test.toml").value();
}

struct Kind {  // of hardware
  std::string name = "plain";
  double cost = 1;  // joules on it for one on a plain machine
};

FakeProgram program(const Kind& kind) {
  FakeProgram program;
  program.curve = [](const space::Configuration& configuration, double resource) {
    const double batch = space::as_number(configuration.at("batch_size"));
    return 1 - std::abs(std::log2(batch / 64)) * 0.1 - 0.5 / (1 + resource);
  };
  program.power = [kind](const space::Configuration& configuration) {
    return kind.cost * base::Watts(6400 / space::as_number(configuration.at("batch_size")));
  };
  program.saves = FakeProgram::Saves::kBeforeEvaluations;
  program.steps_per_unit = 4;
  return program;
}

// Notes what its strategy is told.
class Overheard final : public strategy::Strategy {
 public:
  using Told = std::map<TrialId, std::vector<trial::Stretch>>;
  Overheard(std::unique_ptr<strategy::Strategy> strategy, Told& told)
      : strategy_(std::move(strategy)), told_(told) {}
  trial::Decision ask() override { return strategy_->ask(); }
  void tell(TrialId trial, const trial::Stretch& stretch) override {
    told_[trial].push_back(stretch);
    strategy_->tell(trial, stretch);
  }
  strategy::Verdict judge(TrialId trial, const trial::Stretch& so_far) override {
    return strategy_->judge(trial, so_far);
  }

 private:
  std::unique_ptr<strategy::Strategy> strategy_;
  Told& told_;
};

// Of all machines: which trials run now. No trial may run twice.
class Witnessed final : public runner::Runner {
 public:
  Witnessed(std::unique_ptr<runner::Runner> runner, std::set<TrialId>& running)
      : runner_(std::move(runner)), running_(running) {}
  ~Witnessed() override {
    for (const TrialId trial : mine_) running_.erase(trial);
  }

  base::Result<> start(const runner::Job& job) override {
    EXPECT_TRUE(running_.insert(job.trial).second) << "trial " << job.trial << " runs twice";
    mine_.insert(job.trial);
    return runner_->start(job);
  }
  std::vector<runner::Event> wait(Seconds timeout) override {
    auto events = runner_->wait(timeout);
    for (const runner::Event& event : events) {
      const auto* exit = std::get_if<runner::Exit>(&event);
      if (exit && mine_.erase(exit->trial) > 0) running_.erase(exit->trial);
    }
    return events;
  }
  void answer(TrialId trial, trial::Action action) override { runner_->answer(trial, action); }
  void end(TrialId trial, trial::Action action) override { runner_->end(trial, action); }
  std::optional<Seconds> cpu_time(TrialId trial) const override { return runner_->cpu_time(trial); }
  std::vector<pid_t> processes(TrialId trial) const override { return runner_->processes(trial); }

 private:
  std::unique_ptr<runner::Runner> runner_;
  std::set<TrialId>& running_;
  std::set<TrialId> mine_;
};

class Machine {  // with a worker
 public:
  Machine(testing::PostOffice& office, testing::FakeClock& clock, testing::FakeDisk& disk,
          std::set<TrialId>& running, std::vector<std::string>& failures, int places, const Kind& kind)
      : failures(failures),
        mailbox_(office.join(journal::Role::kWorker, "")),
        meter_(clock),
        worker_({*mailbox_,
                 [&clock, &disk, &running, kind, this]() -> base::Result<std::unique_ptr<runner::Runner>> {
                   return std::make_unique<Witnessed>(
                       std::make_unique<testing::FakeRunner>(clock, meter_, program(kind), &disk), running);
                 },
                 meter_,
                 wake_up_,
                 clock,
                 {places, "host", static_cast<long>(mailbox_->self()), {}, kind.name},
                 [this] { return interruptions; },
                 [this](const std::string& line) { said.push_back(line); },
                 {},
                 [](const std::filesystem::path&) { return true; },
                 [this] { return over_in_journal; },
                 [this] { return orphaned; }}) {}

  bool round() {  // whether it works on
    const auto ended = worker_.round();
    if (!ended) failures.push_back(ended.error().message);
    if (ended && *ended) over = (*ended)->over.value_or((*ended)->succeeds ? "succeeds" : "left");
    return ended && !*ended;
  }
  journal::MemberId id() const { return mailbox_->self(); }

  int interruptions = 0;
  std::string over;
  std::optional<std::string> over_in_journal;
  bool orphaned = false;
  std::vector<std::string>& failures;
  std::vector<std::string> said;

 private:
  std::unique_ptr<journal::Mailbox> mailbox_;
  testing::FakeMeter meter_;
  WakeUp wake_up_;
  Worker worker_;
};

class ClusterTest : public ::testing::Test {
 protected:
  // The tuner's own runner has no program: while it waits the others work, and time passes.
  class Others final : public runner::Runner {
   public:
    explicit Others(ClusterTest& test) : test_(test) {}
    base::Result<> start(const runner::Job&) override { return base::fail("nothing runs here"); }
    std::vector<runner::Event> wait(Seconds) override {
      test_.let_others_work();
      return {};
    }
    void answer(TrialId, trial::Action) override {}
    void end(TrialId, trial::Action) override {}
    std::optional<Seconds> cpu_time(TrialId) const override { return {}; }
    std::vector<pid_t> processes(TrialId) const override { return {}; }

   private:
    ClusterTest& test_;
  };

  void TearDown() override { EXPECT_THAT(failures_, ::testing::IsEmpty()); }

  void let_others_work() {
    ++turns_;
    ASSERT_LT(turns_, 100'000) << "the study does not come to an end";
    if (each_turn) each_turn();
    clock_.advance(Seconds(0.05));
    std::erase_if(machines_, [](const auto& machine) { return !machine->round(); });
  }

  Machine& add(int places, const Kind& kind = {}) {
    machines_.push_back(std::make_unique<Machine>(office_, clock_, disk_, running_, failures_, places, kind));
    return *machines_.back();
  }
  void kill(std::size_t which) { machines_.erase(machines_.begin() + static_cast<std::ptrdiff_t>(which)); }

  study::Conclusion run() {
    turns_ = 0;
    seen_.clear();
    told_.clear();
    Overheard strategy(strategy::make(spec_.strategy, spec_.space, spec_.options).value(), told_);
    const auto journal = store_.create("test");
    const auto opened = journal ? nullptr : store_.open("test").value();
    Others none(*this);
    testing::FakeMeter meter(clock_);
    WakeUp wake_up;
    const auto mailbox = office_.join(journal::Role::kTuner, "");
    Crew crew({none, meter, 0, *mailbox, wake_up, clock_,
               [this](const std::string& line) { said_.push_back(line); },
               [] { return std::vector<std::string>(); }, [this] { return interruptions_ > 0; }});
    study::Study study({spec_,
                        strategy,
                        crew,
                        crew.meter(),
                        journal ? **journal : *opened,
                        clock_,
                        "/nowhere",
                        0,
                        [this, &crew] { return crew.failure() ? 1 : interruptions_; },
                        [this](const trial::Event& event, const auto&) { see(event); },
                        {},
                        {},
                        {},
                        nullptr,
                        [](const auto&, const auto&) -> base::Result<> { return {}; },
                        [](const std::string&) {},
                        [&crew] { return crew.joined(); }});
    const auto conclusion = study.run();
    EXPECT_TRUE(conclusion) << conclusion.error().message;
    if (conclusion->state != "interrupted") crew.dismiss(conclusion->reason);
    state_ = study.take_state();
    return *conclusion;
  }

  // Of no trial does the energy ever grow less.
  void see(const trial::Event& event) {
    const auto* metered = std::get_if<trial::Metered>(&event.body);
    if (!metered) return;
    base::Joules& before = seen_[metered->trial];
    const base::Joules now = trial::total(metered->energy).value_or(before);
    EXPECT_GE(now, before) << "trial " << metered->trial;
    before = now;
  }

  // What was evaluated, by trial: each resource once, in order.
  void expect_whole() const {
    for (const auto& [id, trial] : state_.trials) {
      double before = 0;
      for (const trial::Evaluation& evaluation : trial.evaluations) {
        EXPECT_EQ(evaluation.resource, before + 1) << "trial " << id;
        before = evaluation.resource;
      }
      EXPECT_FALSE(trial.process_running);
    }
  }

  config::Spec spec_ = spec_for("grid");
  testing::FakeClock clock_;
  testing::FakeDisk disk_;
  testing::PostOffice office_;
  journal::MemoryStore store_;
  std::set<TrialId> running_;
  std::vector<std::unique_ptr<Machine>> machines_;
  std::vector<std::string> said_, failures_;  // the tuner's words; workers' failures
  std::function<void()> each_turn;
  journal::StudyState state_;
  Overheard::Told told_;
  int interruptions_ = 0;

 private:
  int turns_ = 0;
  std::map<TrialId, base::Joules> seen_;
};

TEST_F(ClusterTest, WorkersTrainWhatTheTunerDecides) {
  Machine& one = add(1);
  add(2);
  const auto conclusion = run();
  EXPECT_EQ(conclusion.state, "finished");
  ASSERT_EQ(state_.trials.size(), 6u);
  EXPECT_EQ(space::as_number(state_.trials.at(*conclusion.winner).configuration.at("batch_size")), 64);
  expect_whole();
  for (const auto& [id, trial] : state_.trials) {
    EXPECT_EQ(trial.evaluations.size(), 8u);
    EXPECT_GT(trial::total(trial.energy).value_or(base::Joules(0)), base::Joules(0));
    EXPECT_TRUE(trial.evaluations.back().progress.joules_per_sample) << "its steps were not heard of";
  }
  EXPECT_THAT(said_, ::testing::Contains(HasSubstr("has joined, with 2 places")));
  one.round();
  EXPECT_EQ(one.over, conclusion.reason);
}

TEST_F(ClusterTest, AnOfficeThatIsClosedForGoodEndsTunerAndWorkers) {
  add(1);
  int turns = 0;
  each_turn = [&] {
    if (++turns == 60) office_.close();
  };
  EXPECT_EQ(run().state, "interrupted");
  EXPECT_LT(turns, 100);
  EXPECT_TRUE(state_.trials.at(0).evaluations.size() > 0);
  each_turn = {};
  let_others_work();
  EXPECT_THAT(machines_, ::testing::IsEmpty());
  EXPECT_THAT(running_, ::testing::IsEmpty());
  EXPECT_THAT(std::exchange(failures_, {}), ::testing::ElementsAre("the office is closed"));
}

TEST_F(ClusterTest, AUserWhoLeavesDoesNotWaitForWorkersOutOfReach) {
  add(1);
  int turns = 0;
  each_turn = [&] {
    ++turns;
    for (journal::MemberId member = 1; turns == 60 && member <= 2; ++member) office_.cut_off(member);
    if (turns == 1000) interruptions_ = 1;  // after 47 s
  };
  EXPECT_EQ(run().state, "interrupted");
  EXPECT_LT(turns, 1100);
  EXPECT_THAT(said_, ::testing::Contains(
                         HasSubstr("workers cannot be reached; trying again: the store is out of reach")));
  EXPECT_THAT(machines_.front()->said,
              ::testing::Contains(HasSubstr("the tuner cannot be reached (the store is out of reach)")));
}

TEST_F(ClusterTest, EnergyOfDifferentMachinesIsComparedAsOnTheFirst) {
  spec_ = spec_for("asha");
  add(1, {"plain", 1});
  add(1, {"costly", 4});
  int turns = 0;
  each_turn = [&] {
    if (++turns == 60) interruptions_ = 1;
  };
  ASSERT_EQ(run().state, "interrupted");
  interruptions_ = 0;  // another tuner goes on, and is told the same
  EXPECT_EQ(run().state, "finished");
  EXPECT_THAT(state_.hardware, ::testing::UnorderedElementsAre("plain", "costly"));
  const double unit = state_.hardware.front() == "plain" ? 1 : 4;
  int moved = 0;
  for (const auto& [id, trial] : state_.trials) {
    const auto& stretches = told_[id];
    ASSERT_FALSE(stretches.empty());
    moved += trial.hardware.size() > 1;
    const double plain = 64'000 / space::as_number(trial.configuration.at("batch_size")) * trial.resource;
    const double read = trial::total(trial.energy)->value,
                 told = trial::total(stretches.back().energy)->value;
    EXPECT_GE(read, 0.99 * plain);
    EXPECT_GT(told / (unit * plain), 0.8) << "trial " << id;
    EXPECT_LT(told / (unit * plain), 2) << "trial " << id;  // programs also use energy while they wait
  }
  EXPECT_GE(moved, 1);
}

TEST_F(ClusterTest, AStudyOnOneKindOfMachineTellsWhatWasRead) {
  spec_ = spec_for("asha");
  add(1);
  add(1);
  EXPECT_EQ(run().state, "finished");
  for (const auto& [id, trial] : state_.trials) EXPECT_EQ(told_[id].back().energy, trial.energy);
}

TEST_F(ClusterTest, AStudyWaitsForItsFirstWorker) {
  int turns = 0;
  each_turn = [&] {
    if (++turns == 100) add(1);
  };
  EXPECT_EQ(run().state, "finished");
  expect_whole();
}

TEST_F(ClusterTest, TheTrialOfAWorkerThatIsKilledGoesOnElsewhere) {
  add(1);
  add(1);
  int turns = 0;
  each_turn = [&] {
    if (++turns == 40) kill(0);
  };
  EXPECT_EQ(run().state, "finished");
  expect_whole();
  EXPECT_THAT(said_, ::testing::Contains(HasSubstr("is gone")));
  const auto lost = std::ranges::count_if(state_.trials, [](const auto& one) {
    return one.second.energy.front().note.find("is gone") != std::string::npos;
  });
  EXPECT_EQ(lost, 1);
}

TEST_F(ClusterTest, AWorkerThatLeavesInOrderLosesNoJoule) {
  Machine& first = add(1);
  int turns = 0;
  each_turn = [&] {
    ++turns;
    if (turns == 40) first.interruptions = 1;
    if (turns == 60) add(1);
  };
  EXPECT_EQ(run().state, "finished");
  expect_whole();
  EXPECT_THAT(said_, ::testing::Contains(HasSubstr("has left")));
  for (const auto& [id, trial] : state_.trials) EXPECT_EQ(trial.energy.front().note, "");
}

// It pauses or kills what it runs before another may run it: the witness looks.
TEST_F(ClusterTest, AWorkerThatIsCutOffGivesUpItsTrialBeforeItIsStartedElsewhere) {
  Machine& first = add(1);
  add(1);
  int turns = 0;
  each_turn = [&] {
    ++turns;
    if (turns == 40) office_.cut_off(first.id());
    if (turns == 900) office_.reach(first.id());
  };
  EXPECT_EQ(run().state, "finished");
  expect_whole();
  EXPECT_THAT(first.said, ::testing::Contains(HasSubstr("trials are paused")));
  EXPECT_THAT(said_, ::testing::Contains(HasSubstr("is gone")));
}

TEST_F(ClusterTest, AShortWayOutOfReachCostsNothing) {
  Machine& only = add(1);
  int turns = 0;
  each_turn = [&] {
    ++turns;
    if (turns == 40) office_.cut_off(only.id());
    if (turns == 60) office_.reach(only.id());
  };
  EXPECT_EQ(run().state, "finished");
  expect_whole();
  EXPECT_THAT(said_, ::testing::Not(::testing::Contains(HasSubstr("is gone"))));
}

TEST_F(ClusterTest, TheNextTunerGoesOnWithTheSameWorkers) {
  Machine& worker = add(1);
  int turns = 0;
  each_turn = [&] { interruptions_ = ++turns == 60 ? 1 : interruptions_; };
  EXPECT_EQ(run().state, "interrupted");
  interruptions_ = 0;
  each_turn = nullptr;
  EXPECT_EQ(run().state, "finished");
  expect_whole();
  EXPECT_EQ(state_.trials.size(), 6u);
  EXPECT_THAT(worker.said, ::testing::Contains(HasSubstr("another tuner goes on")));
}

TEST_F(ClusterTest, AWorkerOfWhichTheTunerNeverKnewFindsThatTheStudyIsOver) {
  add(1);
  ASSERT_EQ(run().state, "finished");
  Machine& late = add(1);
  late.over_in_journal = "all are trained";
  for (int turn = 0; turn < 1'000 && late.over.empty(); ++turn) {
    clock_.advance(Seconds(0.05));
    late.round();
  }
  EXPECT_EQ(late.over, "all are trained");
}

class SuccessionTest : public ClusterTest {
 protected:
  // When the worker ends, alone in the post office; nothing: it works on for `most`.
  std::optional<Seconds> ends_within(Seconds most, Machine& worker) {
    const Seconds begun = clock_.monotonic();
    while (clock_.monotonic() < begun + most) {
      clock_.advance(Seconds(0.1));
      if (!worker.round()) return clock_.monotonic() - begun;
    }
    return {};
  }
  void meet_a_tuner(Machine& worker) {
    const auto tuner = office_.join(journal::Role::kTuner, "/home");
    ends_within(Seconds(3), worker);
  }
};

TEST_F(SuccessionTest, AWorkerSucceedsATunerThatDiedWhenNothingCanRunForItAnyMore) {
  Machine& worker = add(1);
  meet_a_tuner(worker);
  worker.orphaned = true;
  const auto after = ends_within(Seconds(100), worker);
  ASSERT_TRUE(after);
  EXPECT_EQ(worker.over, "succeeds");
  EXPECT_GE(*after, kGone - Seconds(4));
}

TEST_F(SuccessionTest, ATunerThatLeftInOrderIsWaitedFor) {
  Machine& worker = add(1);
  meet_a_tuner(worker);
  EXPECT_FALSE(ends_within(Seconds(100), worker));
}

TEST_F(SuccessionTest, WhereNoTunerWasEverSeenItsFolderIsNotKnown) {
  Machine& worker = add(1);
  worker.orphaned = true;
  EXPECT_FALSE(ends_within(Seconds(100), worker));
}

TEST_F(SuccessionTest, AStoreThatIsBackIsBackForTheTunerToo) {
  Machine& worker = add(1);
  meet_a_tuner(worker);
  office_.cut_off(worker.id());
  worker.orphaned = true;
  EXPECT_FALSE(ends_within(Seconds(40), worker));
  office_.reach(worker.id());
  EXPECT_FALSE(ends_within(Seconds(20), worker)) << "the tuner had no time to come back";
  EXPECT_TRUE(ends_within(Seconds(10), worker));
}

// Deaths, departures, cuts and arrivals at random moments.
class RandomClusterTest : public ClusterTest, public ::testing::WithParamInterface<const char*> {};

TEST_P(RandomClusterTest, WhateverWorkersGoThroughTheStudyIsWhole) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    spec_ = spec_for(GetParam());
    store_ = {};
    machines_.clear();
    base::Random random(seed);
    each_turn = [&] {
      if (machines_.size() < 3 && random.uniform() < 0.02) add(1 + static_cast<int>(random.index(2)));
      if (machines_.empty() || random.uniform() > 0.01) return;
      const std::size_t which = random.index(machines_.size());
      Machine& machine = *machines_[which];
      const double what = random.uniform();
      if (what < 0.3) return kill(which);
      if (what < 0.5) machine.interruptions = 1;
      if (what > 0.7) office_.cut_off(machine.id());
      if (what > 0.5) office_.reach(machines_[random.index(machines_.size())]->id());
    };
    ASSERT_EQ(run().state, "finished") << "seed " << seed;
    expect_whole();
    if (HasFailure()) FAIL() << "seed " << seed;
  }
}

INSTANTIATE_TEST_SUITE_P(Strategies, RandomClusterTest,
                         ::testing::Values("grid", "successive-halving", "asha", "hyperband"));

}  // namespace
}  // namespace sm2::cluster
