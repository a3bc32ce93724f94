// Somebody sets the clock of the machine while a study runs, or between two sessions of it.
#include <gtest/gtest.h>

#include <cmath>

#include "config/study_file.h"
#include "journal/memory.h"
#include "study/study.h"
#include "testing/fake_clock.h"
#include "testing/fake_meter.h"
#include "testing/fake_runner.h"

namespace sm2::study {
namespace {

using base::Seconds;

constexpr Seconds kDay{86400};

config::Spec spec(const std::string& more = "") {
  return config::parse_study(R"(
[study]
name = "test"
command = ["train", "--batch={batch_size}"]
metric = { name = "accuracy" }
resource = { unit = "epoch", min = 1, max = 8 }
[space]
batch_size = { values = [16, 32, 64, 128] }
[strategy]
name = "successive-halving"
)" + more,
                             "test.toml")
      .value();
}

// A study whose machine has its clock set by `jump` after each unit that is trained. The journal outlives a session.
struct Bench {
  explicit Bench(config::Spec the_spec, Seconds the_jump = {}) : spec(std::move(the_spec)), jump(the_jump) {}

  Conclusion run(Interruptions interruptions = [] { return 0; }) {
    testing::FakeProgram program;
    program.curve = [this](const space::Configuration& configuration, double resource) {
      clock.set_wall_by(jump);
      jump = -1.5 * jump;  // there, and back further
      return std::log2(space::as_number(configuration.at("batch_size"))) - 1 / resource;
    };
    testing::FakeMeter meter(clock);
    testing::FakeRunner runner(clock, meter, program);
    const auto strategy = *strategy::make(spec.strategy, spec.space, spec.options);
    Study study({spec, *strategy, runner, meter, *journal, clock, "/nowhere", 1, std::move(interruptions),
                 [](const trial::Event&, const journal::StudyState&) {}});
    return study.run().value();
  }

  std::vector<trial::Event> events() const { return journal->read().value(); }
  journal::StudyState state() const { return journal::fold(events()); }

  config::Spec spec;
  Seconds jump;
  testing::FakeClock clock;
  journal::MemoryStore store;
  std::unique_ptr<journal::Journal> journal = *store.create("test");
};

TEST(ClockJump, ChangesNoDecisionEnergyOrDuration) {
  Bench still(spec()), jumping(spec(), -1000 * kDay);
  EXPECT_EQ(still.run().winner, jumping.run().winner);
  const journal::StudyState expected = still.state(), found = jumping.state();
  EXPECT_EQ(found.events, expected.events);
  EXPECT_NEAR(found.active.value, expected.active.value, 1e-3);
  ASSERT_EQ(found.trials.size(), expected.trials.size());
  for (const auto& [id, trial] : found.trials) {
    const journal::Trial& same = expected.trials.at(id);
    EXPECT_EQ(trial::total(trial.energy), trial::total(same.energy)) << id;
    EXPECT_EQ(trial.seconds, same.seconds) << id;
    EXPECT_EQ(trial.resource, same.resource) << id;
    EXPECT_EQ(trial.state, same.state) << id;
  }
}

TEST(ClockJump, EventsOfASessionStayInOrder) {
  Bench jumping(spec(), -1000 * kDay);
  jumping.run();
  const auto events = jumping.events();
  ASSERT_GT(events.size(), 10u);
  for (std::size_t at = 1; at < events.size(); ++at) EXPECT_GE(events[at].time, events[at - 1].time) << at;
}

TEST(ClockJump, BudgetsAndLimitsOfTimeKeepTheirLength) {
  const std::string limited = "[budget]\ntime = \"100 s\"\n[limits]\ntime = \"35 s\"\n";
  Bench still(spec(limited)), jumping(spec(limited), 1000 * kDay);
  EXPECT_EQ(still.run().state, jumping.run().state);
  EXPECT_EQ(jumping.state().events, still.state().events);
  EXPECT_NEAR(jumping.state().active.value, still.state().active.value, 1e-3);
}

// The clock goes back a year while nobody tunes: no time is taken off what was used, and none is added.
TEST(ClockJump, BetweenSessionsCountsNothing) {
  for (const Seconds change : {-365 * kDay, 365 * kDay}) {
    Bench still(spec()), jumping(spec());
    for (Bench* bench : {&still, &jumping}) {
      int asked = 0;
      EXPECT_EQ(bench->run([&asked] { return ++asked > 5 ? 1 : 0; }).state, "interrupted");
    }
    jumping.clock.set_wall_by(change);
    EXPECT_EQ(still.run().winner, jumping.run().winner);
    EXPECT_NEAR(jumping.state().active.value, still.state().active.value, 1e-3);
    EXPECT_EQ(trial::total(journal::total_energy(jumping.state())),
              trial::total(journal::total_energy(still.state())));
  }
}

}  // namespace
}  // namespace sm2::study
