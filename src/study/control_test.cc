// What comes of what users ask of a study while it runs (journal/requests.h).
#include <gtest/gtest.h>

#include <cmath>

#include "config/study_file.h"
#include "journal/memory.h"
#include "study/study.h"
#include "testing/fake_meter.h"
#include "testing/fake_requests.h"
#include "testing/fake_runner.h"

namespace sm2::study {
namespace {

using base::Seconds;
using trial::Request;
using trial::TrialId;
using trial::Wish;

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
[objective]
energy = 0
stability = 0
)";

double peaked(const space::Configuration& configuration, double resource) {
  return 1 - std::abs(std::log2(space::as_number(configuration.at("batch_size")) / 64)) * 0.1 -
         0.5 / (1 + resource);
}

// A study in simulated time, in which users ask for something at given moments.
struct Bench {
  explicit Bench(const std::string& more = "")
      : spec(config::parse_study(kFile + more, "test.toml").value()), kept(*store.create("test")) {
    program.curve = peaked;
  }

  void ask_at(double time, const Request& request) { asks.emplace_back(Seconds(time), request); }

  base::Result<Conclusion> run() {
    testing::FakeMeter meter(clock);
    testing::FakeRunner programs(clock, meter, program);
    const auto strategy = strategy::make(spec.strategy, spec.space, spec.options).value();
    Setup setup{spec, *strategy, programs, meter, *kept, clock, "/nowhere", workers};
    setup.interruptions = [this] {
      for (; !asks.empty() && asks.front().first <= clock.monotonic(); asks.erase(asks.begin()))
        EXPECT_TRUE(requests.ask(asks.front().second));
      return clock.monotonic() > patience ? 2 : 0;
    };
    setup.requests = &requests;
    setup.earlier = earlier;
    auto conclusion = Study(std::move(setup)).run();
    starts += programs.started().size();
    return conclusion;
  }

  // As sm2 tune does: waits where it is paused, and goes on.
  Conclusion run_through_pauses() {
    for (;; ++pauses) {
      const Conclusion conclusion = run().value();
      if (conclusion.state != "paused") return conclusion;
      clock.advance(Seconds(100));
      EXPECT_TRUE(requests.ask({Wish::kResume, {}}));
    }
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

  config::Spec spec;
  testing::FakeProgram program;
  testing::FakeClock clock;
  journal::MemoryStore store;
  std::unique_ptr<journal::Journal> kept;
  testing::FakeRequests requests;
  std::vector<journal::RequestId> earlier;
  std::vector<std::pair<Seconds, Request>> asks;
  Seconds patience{1e5};
  int workers = 1;
  int pauses = 0;
  std::size_t starts = 0;
};

Bench undisturbed() {
  Bench bench;
  EXPECT_EQ(bench.run().value().state, "finished");
  return bench;
}

// The trial that is trained as the n-th.
TrialId nth(std::size_t n) {
  static const auto decisions = undisturbed().decisions();
  return std::get<trial::Train>(decisions.at(n)).trial;
}

TEST(Control, ATrialThatIsPausedAndResumedAtAnyTimeChangesNoDecision) {
  const Bench whole = undisturbed();
  int waited = 0;
  for (double at = 0; at < whole.clock.monotonic().value; at += 3.7) {
    for (const TrialId id : {nth(0), nth(2)}) {
      Bench bench;
      bench.ask_at(at, {Wish::kPause, id});
      bench.ask_at(at + 500, {Wish::kResume, id});
      ASSERT_EQ(bench.run().value().state, "finished") << "trial " << id << " at " << at;
      ASSERT_EQ(bench.decisions(), whole.decisions()) << "trial " << id << " at " << at;
      ASSERT_TRUE(journal::ended(bench.state().trials.at(id)));
      waited += bench.clock.monotonic() > whole.clock.monotonic() + Seconds(100);
    }
  }
  EXPECT_GT(waited, 5) << "pauses that held the study up";
}

TEST(Control, WhatRunsBesideAPausedTrialGoesOn) {
  Bench bench;
  bench.workers = 4;
  bench.ask_at(5, {Wish::kPause, 1});
  bench.patience = Seconds(200);
  ASSERT_EQ(bench.run().value().state, "interrupted") << "the rung waits for the one that is paused";
  const journal::StudyState after = bench.state();
  EXPECT_EQ(after.trials.at(1).evaluations.size(), 0u);
  EXPECT_EQ(after.trials.at(1).wish, Wish::kPause);
  for (const TrialId id : {0, 2, 3}) EXPECT_EQ(after.trials.at(id).resource, 1) << id;
}

TEST(Control, APauseOfATrialHoldsForTheNextTuner) {
  Bench bench;
  bench.ask_at(5, {Wish::kPause, nth(0)});
  bench.patience = Seconds(100);
  ASSERT_EQ(bench.run().value().state, "interrupted");
  const std::size_t starts = bench.starts;
  bench.patience = bench.clock.monotonic() + Seconds(100);
  ASSERT_EQ(bench.run().value().state, "interrupted");
  EXPECT_EQ(bench.starts, starts) << "nothing else could be trained";
  bench.patience = Seconds(1e5);
  bench.ask_at(0, {Wish::kResume, nth(0)});
  EXPECT_EQ(bench.run().value().state, "finished");
  EXPECT_EQ(bench.decisions(), undisturbed().decisions());
}

TEST(Control, AStudyThatIsPausedAndResumedAtAnyTimeChangesNoDecision) {
  const Bench whole = undisturbed();
  for (double at = 0; at < whole.clock.monotonic().value - 1; at += 3.7) {
    Bench bench;
    bench.ask_at(at, {Wish::kPause, {}});
    ASSERT_EQ(bench.run_through_pauses().state, "finished") << at;
    ASSERT_EQ(bench.pauses, 1) << at;
    ASSERT_EQ(bench.decisions(), whole.decisions()) << at;
    ASSERT_LT(bench.state().active, whole.clock.monotonic() + Seconds(40))
        << "a pause is no time of the study";
  }
}

TEST(Control, WhatAnEarlierTunerDidNotHearIsNotForThisOne) {
  Bench bench;
  bench.earlier = {bench.requests.ask({Wish::kStop, {}}).value(),
                   bench.requests.ask({Wish::kStop, nth(3)}).value()};
  EXPECT_EQ(bench.run().value().state, "finished");
  EXPECT_TRUE(bench.requests.pending().value().empty());
  EXPECT_EQ(bench.decisions(), undisturbed().decisions());
}

TEST(Control, AStopOfATrialIsForGood) {
  Bench bench;
  for (const Wish wish : {Wish::kStop, Wish::kPause, Wish::kResume}) bench.ask_at(5, {wish, nth(0)});
  ASSERT_EQ(bench.run().value().state, "finished");
  const journal::StudyState after = bench.state();
  EXPECT_EQ(after.trials.at(nth(0)).reason, "stopped by the user");
  EXPECT_EQ(after.trials.at(nth(0)).wish, Wish::kStop);
}

// A program hears that it is to end with the answer to its next evaluation.
TEST(Control, ATrialThatIsStoppedReachesNoTargetAnyMore) {
  Bench bench;
  bench.spec.metric.target = 0.0;  // of any evaluation
  bench.ask_at(5, {Wish::kStop, nth(0)});
  ASSERT_EQ(bench.run().value().state, "finished");
  EXPECT_NE(bench.state().winner, nth(0));
  EXPECT_EQ(bench.state().trials.at(nth(0)).reason, "stopped by the user");
}

TEST(Control, AWaitForAPausedTrialIsNoTimeOfTheStudy) {
  const Bench whole = undisturbed();
  Bench bench("[budget]\ntime = \"1000 s\"\n");
  bench.ask_at(5, {Wish::kPause, nth(0)});
  bench.ask_at(5000, {Wish::kResume, nth(0)});
  EXPECT_EQ(bench.run().value().state, "finished");
  EXPECT_LT(bench.state().active, whole.clock.monotonic() + Seconds(20));
  EXPECT_GT(bench.clock.monotonic(), Seconds(5000));
}

TEST(Control, AStudyIsStoppedAsByCtrlC) {
  Bench bench;
  bench.ask_at(15, {Wish::kStop, {}});
  const Conclusion stopped = bench.run().value();
  EXPECT_EQ(stopped.state, "interrupted");
  EXPECT_EQ(stopped.reason, "stopped by the user");
  EXPECT_TRUE(bench.requests.pending().value().empty());
  EXPECT_EQ(bench.run().value().state, "finished");
  EXPECT_EQ(bench.decisions(), undisturbed().decisions());
}

TEST(Control, ATrialThatIsStoppedIsNeverTrainedAgain) {
  const Bench whole = undisturbed();
  for (double at = 0; at < whole.clock.monotonic().value; at += 3.7) {
    Bench bench;
    bench.ask_at(at, {Wish::kStop, 2});  // that would win
    ASSERT_EQ(bench.run().value().state, "finished") << at;
    const auto events = bench.kept->read().value();
    bool stopped = false;
    for (const trial::Event& event : events) {
      if (const auto* asked = std::get_if<trial::Requested>(&event.body))
        stopped = stopped || asked->trial == 2;
      const auto* launched = std::get_if<trial::Launched>(&event.body);
      ASSERT_FALSE(stopped && launched && launched->trial == 2) << at;
    }
    if (!stopped) continue;
    const journal::StudyState after = bench.state();
    EXPECT_TRUE(journal::ended(after.trials.at(2)));
    EXPECT_EQ(after.trials.at(2).reason, "stopped by the user") << at;
    EXPECT_NE(after.winner, 2) << at;
  }
}

TEST(Control, WhatNothingComesOfIsSettledAllTheSame) {
  Bench bench;
  bench.ask_at(5, {Wish::kStop, 77});
  bench.ask_at(5, {Wish::kResume, {}});
  ASSERT_EQ(bench.run().value().state, "finished");
  EXPECT_TRUE(bench.requests.pending().value().empty());
  EXPECT_EQ(bench.decisions(), undisturbed().decisions());
}

}  // namespace
}  // namespace sm2::study
