// The crash matrix: studies of every strategy that die at any moment, again and again, and go on. What must hold then is each a
// check below; docs/reliability.md names them.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <map>

#include "base/random.h"
#include "testing/crash_bench.h"

namespace sm2::study {
namespace {

using base::Joules;
using testing::CrashBench;
using testing::CrashScenario;
using testing::Loss;
using testing::Session;
using testing::SessionEnd;
using testing::Witness;

constexpr Joules kNothing{1e-6};
constexpr base::Seconds kUnread{2};  // what may pass between two readings of a process's energy

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kCrashes = 400;  // in all; sanitizers look closer, and take longer
constexpr int kEveryMoment = 7;
#else
constexpr int kCrashes = 10000;
constexpr int kEveryMoment = 1;
#endif

// ---- what must hold ----

void it_came_to_an_end(const SessionEnd& end) {
  ASSERT_TRUE(end.conclusion) << end.conclusion.error().message;
  ASSERT_FALSE(end.stuck);
  ASSERT_TRUE(end.conclusion->state == "finished" || end.conclusion->state == "budget")
      << end.conclusion->state;
}

void nothing_was_done_before_it_was_durable(const Witness& witness) {
  ASSERT_TRUE(witness.wrongs().empty()) << witness.wrongs().front();
}

void every_acknowledged_report_is_there_exactly_once(const Witness& witness) {
  for (const auto& [place, times] : witness.evaluations())
    ASSERT_EQ(times, 1) << "trial " << place.first << " at " << place.second;
  for (const auto& [place, metric] : witness.acknowledged()) {
    const auto& all = witness.state().trials.at(place.first).evaluations;
    const auto kept = std::ranges::find(all, place.second, &trial::Evaluation::resource);
    ASSERT_NE(kept, all.end()) << "trial " << place.first << " at " << place.second;
    const double stored = kept->metrics.at("accuracy");
    ASSERT_TRUE(stored == metric || (std::isnan(stored) && std::isnan(metric)));
  }
}

void no_joule_is_doubled_or_lost_beyond_what_no_reading_could_know(const CrashBench& bench) {
  for (const Loss& loss : bench.losses()) {
    ASSERT_TRUE(loss.died) << loss.joules.value << " J of trial " << loss.trial
                           << " in a session that ended in order";
    ASSERT_GT(loss.joules, Joules(0)) << "trial " << loss.trial;
    ASSERT_LE(loss.joules, bench.power_of(loss.trial) * kUnread + kNothing) << "trial " << loss.trial;
  }
}

// But of processes that were killed before any reading of their trial, of which only a note tells.
void what_was_lost_is_within_the_error(const CrashBench& bench) {
  for (const auto& [id, trial] : bench.witness().state().trials) {
    Joules lost;
    for (const Loss& loss : bench.losses()) {
      if (loss.trial == id && !loss.at_its_start) lost += loss.joules;
    }
    ASSERT_LE(lost, trial::error(trial.energy) + kNothing) << "trial " << id;
  }
}

void the_total_is_the_sum_over_trials(const Witness& witness) {
  Joules sum;
  for (const auto& [id, trial] : witness.state().trials) {
    ASSERT_TRUE(trial.energy.empty() || trial::total(trial.energy)) << "trial " << id << ": not known";
    sum += witness.metered(id);
  }
  ASSERT_NEAR(witness.state().footprint.without_grid.value, sum.value, 1e-6);
}

void a_target_that_was_reached_ended_the_study(const CrashBench& bench) {
  const config::Metric& metric = bench.spec().metric;
  const auto& trials = bench.witness().state().trials;
  std::optional<trial::TrialId> first;
  for (const trial::Event& event : bench.events()) {
    const auto* evaluated = std::get_if<trial::Evaluated>(&event.body);
    const bool usable = evaluated && trials.at(evaluated->trial).state != journal::TrialState::kFailed;
    if (!first && usable && config::reaches_target(metric, evaluated->evaluation.metrics.at(metric.name)))
      first = evaluated->trial;
    ASSERT_FALSE(first && std::holds_alternative<trial::Decided>(event.body))
        << "after trial " << *first << " had reached it";
  }
  if (first) {
    ASSERT_EQ(bench.witness().state().winner, first);
  }
}

// Where joules are counted along the way, sums of the same figures may differ in their last digits.
bool same_decision(const trial::Decision& a, const trial::Decision& b) {
  const auto *train = std::get_if<trial::Train>(&a), *other = std::get_if<trial::Train>(&b);
  if (train && other) {
    return train->trial == other->trial && train->configuration == other->configuration &&
           train->rung == other->rung && std::abs(train->until - other->until) < 1e-6;
  }
  const auto *drop = std::get_if<trial::Drop>(&a), *dropped = std::get_if<trial::Drop>(&b);
  if (drop && dropped) return drop->trial == dropped->trial;
  const auto *finish = std::get_if<trial::Finish>(&a), *finished = std::get_if<trial::Finish>(&b);
  return finish && finished && finish->winner == finished->winner;
}

void decisions_are_those_of_an_undisturbed_run(const Witness& witness, const Witness& undisturbed) {
  const auto &made = witness.decisions(), &wanted = undisturbed.decisions();
  for (std::size_t at = 0; at < std::min(made.size(), wanted.size()); ++at)
    ASSERT_TRUE(same_decision(made[at], wanted[at])) << "decision " << at;
  ASSERT_EQ(made.size(), wanted.size());
  ASSERT_EQ(witness.state().closed, undisturbed.state().closed);
  ASSERT_EQ(witness.state().winner, undisturbed.state().winner);
}

// A parent that died before it could note that its checkpoint was evaluated leaves a child one that begins with that evaluation.
bool begins_as_its_parent_ended(const Witness& witness, trial::TrialId id, double resource) {
  const auto& trials = witness.state().trials;
  const auto parent = trials.at(id).segments.front().train.parent;
  if (!parent) return false;
  const auto& before = trials.at(*parent).evaluations;
  return std::ranges::find(before, resource, &trial::Evaluation::resource) != before.end();
}

void trials_are_those_of_an_undisturbed_run(const Witness& witness, const Witness& undisturbed) {
  auto made = witness.evaluations();
  std::erase_if(made, [&](const auto& one) {
    const auto& [trial, resource] = one.first;
    return !undisturbed.evaluations().contains(one.first) &&
           begins_as_its_parent_ended(witness, trial, resource);
  });
  ASSERT_EQ(made, undisturbed.evaluations());
  for (const auto& [id, trial] : undisturbed.state().trials)
    ASSERT_EQ(witness.state().trials.at(id).state, trial.state) << "trial " << id;
}

// ---- how it is disturbed ----

struct Course {
  SessionEnd end;
  int crashes = 0;
  bool nothing_lost = true;
};

// As sm2 tune has it: a study that is finished is not run again.
bool over(const CrashBench& bench, SessionEnd& end) {
  const journal::StudyState& state = bench.witness().state();
  if (state.closed == "finished")
    end.conclusion = Conclusion{*state.closed, state.closed_reason, state.winner};
  return end.conclusion && end.conclusion->state != "interrupted" && end.conclusion->state != "paused";
}

Course through(CrashBench& bench, const std::vector<Session>& sessions) {
  Course course{{base::fail("not begun")}};
  for (const Session& session : sessions) {
    course.end = bench.run(session);
    course.crashes += course.end.died;
    course.nothing_lost = course.nothing_lost && course.end.nothing_lost;
    if (over(bench, course.end) || (!course.end.died && !course.end.conclusion)) return course;
  }
  course.end = bench.run();
  return course;
}

void check(const CrashScenario& scenario, const CrashBench& bench, const Course& course,
           const CrashBench& undisturbed) {
  it_came_to_an_end(course.end);
  nothing_was_done_before_it_was_durable(bench.witness());
  every_acknowledged_report_is_there_exactly_once(bench.witness());
  no_joule_is_doubled_or_lost_beyond_what_no_reading_could_know(bench);
  what_was_lost_is_within_the_error(bench);
  the_total_is_the_sum_over_trials(bench.witness());
  a_target_that_was_reached_ended_the_study(bench);
  const bool one_order = scenario.workers == 1 || !scenario.order_matters;
  if (scenario.limited || !one_order || !(scenario.decides_by_metric || course.nothing_lost)) return;
  decisions_are_those_of_an_undisturbed_run(bench.witness(), undisturbed.witness());
  trials_are_those_of_an_undisturbed_run(bench.witness(), undisturbed.witness());
}

std::string described(const std::vector<Session>& sessions) {
  std::string text;
  for (const Session& session : sessions)
    text += fmt::format("dies at moment {}, {:.3f} into it; told {} times to leave after {} looks{}\n",
                        session.dies_at, session.part, session.told, session.told_after,
                        session.loses_checkpoints ? "; no checkpoints" : "");
  return text;
}

std::vector<Session> any_sessions(base::Random& random, int moments, bool loses_checkpoints) {
  std::vector<Session> sessions(1 + random.index(3));
  for (std::size_t k = 0; k < sessions.size(); ++k) {
    const auto moment = [&] { return static_cast<int>(random.index(static_cast<std::uint64_t>(moments))); };
    sessions[k].part = random.uniform();
    sessions[k].dies_at = moment();
    sessions[k].loses_checkpoints = k > 0 && loses_checkpoints && random.index(2) == 0;
    if (random.index(4) > 0) continue;
    sessions[k].told_after = moment() / 3;
    sessions[k].told = 1 + static_cast<int>(random.index(2));
  }
  return sessions;
}

// ---- what users ask for ----

std::vector<std::pair<int, trial::Request>> any_requests(base::Random& random, int looks) {
  using trial::Wish;
  std::vector<std::pair<int, trial::Request>> asks(1 + random.index(6));
  for (auto& [after, request] : asks) {
    after = static_cast<int>(random.index(static_cast<std::uint64_t>(looks)));
    request.wish = std::array{Wish::kPause, Wish::kPause, Wish::kResume, Wish::kStop}[random.index(4)];
    if (random.index(5) > 0) request.trial = static_cast<trial::TrialId>(random.index(6));
  }
  return asks;
}

// Everything that is paused, at once.
Session resuming(const CrashBench& bench) {
  Session session;
  for (const auto& [id, trial] : bench.witness().state().trials) {
    if (trial.wish == trial::Wish::kPause) session.asks.push_back({1, {trial::Wish::kResume, id}});
  }
  return session;
}

void what_was_stopped_or_paused_is_not_trained(const std::vector<trial::Event>& events) {
  std::map<trial::TrialId, trial::Wish> wishes;
  for (const trial::Event& event : events) {
    if (const auto* asked = std::get_if<trial::Requested>(&event.body)) {
      ASSERT_FALSE(wishes.contains(asked->trial) && wishes.at(asked->trial) == trial::Wish::kStop)
          << "a stop is for good";
      wishes[asked->trial] = asked->wish;
    }
    const auto* launched = std::get_if<trial::Launched>(&event.body);
    if (!launched || !wishes.contains(launched->trial)) continue;
    ASSERT_EQ(wishes.at(launched->trial), trial::Wish::kResume) << "trial " << launched->trial;
  }
}

class CrashMatrixOf : public ::testing::TestWithParam<std::string> {};

TEST_P(CrashMatrixOf, DyingAtRandomMomentsLosesNothingThatIsPromised) {
  constexpr int kCasesAStudy = 20;
  const int wanted = kCrashes / static_cast<int>(strategy::names().size()) + 1;
  int crashes = 0;
  for (std::uint64_t seed = 1; crashes < wanted; ++seed) {
    const CrashScenario scenario = testing::crash_scenario(GetParam(), seed);
    SCOPED_TRACE(fmt::format("seed {}:\n{}", seed, scenario.describe()));
    CrashBench undisturbed(scenario);
    const SessionEnd whole = undisturbed.run();
    ASSERT_NO_FATAL_FAILURE(it_came_to_an_end(whole));
    base::Random random(seed, 1);
    for (int k = 0; k < kCasesAStudy; ++k) {
      const auto sessions = any_sessions(random, whole.moments, scenario.loses_checkpoints);
      SCOPED_TRACE(described(sessions));
      CrashBench bench(scenario);
      const Course course = through(bench, sessions);
      crashes += course.crashes;
      check(scenario, bench, course, undisturbed);
      if (HasFatalFailure()) return;
    }
  }
}

TEST_P(CrashMatrixOf, WhatUsersAskedForHoldsWhateverDies) {
  constexpr int kStudies = kEveryMoment == 1 ? 40 : 8;
  int asked = 0;
  for (std::uint64_t seed = 1; seed <= kStudies; ++seed) {
    const CrashScenario scenario = testing::crash_scenario(GetParam(), seed);
    SCOPED_TRACE(fmt::format("seed {}:\n{}", seed, scenario.describe()));
    CrashBench undisturbed(scenario);
    const int moments = undisturbed.run().moments;
    base::Random random(seed, 2);
    auto sessions = any_sessions(random, moments, false);
    for (Session& session : sessions) session.asks = any_requests(random, moments / 3 + 1);
    SCOPED_TRACE(described(sessions));
    CrashBench bench(scenario);
    SessionEnd end{base::fail("not begun")};
    for (const Session& session : sessions) {
      if (!over(bench, end)) end = bench.run(session);
    }
    for (int tries = 0; tries < 3 && !over(bench, end); ++tries) end = bench.run(resuming(bench));
    it_came_to_an_end(end);
    nothing_was_done_before_it_was_durable(bench.witness());
    every_acknowledged_report_is_there_exactly_once(bench.witness());
    no_joule_is_doubled_or_lost_beyond_what_no_reading_could_know(bench);
    the_total_is_the_sum_over_trials(bench.witness());
    what_was_stopped_or_paused_is_not_trained(bench.events());
    if (HasFatalFailure()) return;
    const auto events = bench.events();
    asked += static_cast<int>(std::ranges::count_if(events, [](const trial::Event& event) {
      return std::holds_alternative<trial::Requested>(event.body);
    }));
  }
  EXPECT_GT(asked, kStudies / 4) << "requests that came to something";
}

void die_at_every_moment_of(const CrashScenario& scenario) {
  SCOPED_TRACE(scenario.describe());
  CrashBench undisturbed(scenario);
  const SessionEnd whole = undisturbed.run();
  ASSERT_NO_FATAL_FAILURE(it_came_to_an_end(whole));
  for (int moment = 0; moment < whole.moments; moment += kEveryMoment) {
    const std::vector<Session> sessions(1, Session{.dies_at = moment, .part = 0.5});
    SCOPED_TRACE(described(sessions));
    CrashBench bench(scenario);
    const Course course = through(bench, sessions);
    ASSERT_EQ(course.crashes, 1);
    check(scenario, bench, course, undisturbed);
    if (::testing::Test::HasFatalFailure()) return;
  }
}

TEST_P(CrashMatrixOf, DyingAtAnyMomentOfAStudyLosesNothingThatIsPromised) {
  die_at_every_moment_of(testing::small_crash_scenario(GetParam(), {}));
}

TEST(CrashMatrix, DyingAtAnyMomentOnTheWayToATargetLosesNothingThatIsPromised) {
  die_at_every_moment_of(testing::small_crash_scenario("sm2", 0.8));
}

INSTANTIATE_TEST_SUITE_P(EveryStrategy, CrashMatrixOf, ::testing::ValuesIn(strategy::names()),
                         [](const auto& tested) {
                           std::string name = tested.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace sm2::study
