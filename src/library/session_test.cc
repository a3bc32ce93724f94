#include "library/session.h"

#include <gtest/gtest.h>

#include <cmath>
#include <deque>
#include <future>
#include <limits>

#include "library/checked.h"

namespace sm2::library {
namespace {

using trial::Decision;
using trial::Drop;
using trial::Finish;
using trial::Train;
using trial::TrialId;

// Answers from a list, waits when it is at its end, and keeps what it hears.
struct Script final : strategy::Strategy {
  struct Heard {
    std::vector<std::pair<TrialId, trial::Stretch>> told, judged;
  };
  Script(std::deque<Decision> script, Heard& into) : decisions(std::move(script)), heard(into) {}

  Decision ask() override {
    if (decisions.empty() || (std::holds_alternative<Finish>(decisions.front()) && running > 0))
      return trial::Wait{};
    const Decision next = decisions.front();
    if (std::holds_alternative<Finish>(next)) return next;
    decisions.pop_front();
    if (std::holds_alternative<Train>(next)) ++running;
    return next;
  }
  void tell(TrialId trial, const trial::Stretch& stretch) override {
    --running;
    heard.told.emplace_back(trial, stretch);
  }
  strategy::Verdict judge(TrialId trial, const trial::Stretch& so_far) override {
    heard.judged.emplace_back(trial, so_far);
    return verdict;
  }

  std::deque<Decision> decisions;
  Heard& heard;
  int running = 0;
  strategy::Verdict verdict;
};

Train train(TrialId id, double until, std::optional<TrialId> parent = {}) {
  Train made;
  made.trial = id;
  made.configuration = {{"x", 0.5}};
  made.until = until;
  made.parent = parent;
  return made;
}

struct Scene {
  explicit Scene(std::deque<Decision> decisions, Settings settings = {.resource_max = 10},
                 strategy::Verdict verdict = {})
      : session(made(std::move(decisions), std::move(verdict)), checked(settings)) {}

  std::unique_ptr<Script> made(std::deque<Decision> decisions, strategy::Verdict verdict) {
    auto script = std::make_unique<Script>(std::move(decisions), heard);
    script->verdict = std::move(verdict);
    return script;
  }

  Script::Heard heard;
  Session session;
};

template <class T>
bool is(const trial::Outcome& outcome) {
  return std::holds_alternative<T>(outcome);
}

TEST(Session, JudgesEveryReportButTheLast) {
  Scene scene({train(0, 3), Finish{0, "x"}});
  scene.session.ask(true);
  EXPECT_TRUE(scene.session.report(0, 1, 0.5, {}).go_on);
  EXPECT_TRUE(scene.session.report(0, 2, 0.6, {}).go_on);
  const Answer last = scene.session.report(0, 3, 0.7, {});
  EXPECT_FALSE(last.go_on);
  EXPECT_TRUE(last.resumable);
  scene.session.end(0, {}, {}, {});
  ASSERT_EQ(scene.heard.judged.size(), 2u);
  EXPECT_EQ(scene.heard.judged[1].second.reached, 2);
  EXPECT_EQ(scene.heard.judged[1].second.metric, 0.6);
  ASSERT_EQ(scene.heard.told.size(), 1u);
  EXPECT_TRUE(is<trial::Paused>(scene.heard.told[0].second.outcome));
  EXPECT_EQ(scene.heard.told[0].second.reached, 3);
}

TEST(Session, AtTheMostResourceATrialIsFinished) {
  Scene scene({train(0, 10), Finish{0, "x"}});
  scene.session.ask(true);
  EXPECT_FALSE(scene.session.report(0, 10, 1, {}).resumable);
  scene.session.end(0, {}, {}, {});
  EXPECT_TRUE(is<trial::Completed>(scene.heard.told[0].second.outcome));
  EXPECT_EQ(scene.session.trials()[0].state, TrialState::kFinished);
}

TEST(Session, AVerdictEndsTheStretchOnceAndForAll) {
  Scene scene({train(0, 5), Finish{{}, "x"}}, {.resource_max = 10},
              {trial::Action::kStop, "worse than the median"});
  scene.session.ask(true);
  const Answer answer = scene.session.report(0, 1, 0.5, {});
  EXPECT_FALSE(answer.go_on);
  EXPECT_FALSE(answer.resumable);
  EXPECT_FALSE(scene.session.report(0, 2, 0.9, {}).go_on);
  scene.session.end(0, {}, {}, {});
  EXPECT_TRUE(is<trial::Stopped>(scene.heard.told[0].second.outcome));
  EXPECT_EQ(scene.heard.told[0].second.metric, 0.5);
  EXPECT_EQ(scene.session.trials()[0].state, TrialState::kStopped);
  EXPECT_EQ(scene.session.trials()[0].reason, "worse than the median");
}

TEST(Session, APauseCanGoOnWithWhatItKept) {
  Scene scene({train(0, 5), train(0, 8), Finish{0, "x"}}, {.resource_max = 10}, {trial::Action::kPause, ""});
  scene.session.ask(true);
  EXPECT_TRUE(scene.session.report(0, 2, 0.5, {}).resumable);
  scene.session.end(0, {}, {}, std::string("model"));
  EXPECT_TRUE(is<trial::Paused>(scene.heard.told[0].second.outcome));
  EXPECT_EQ(scene.session.trials()[0].state, TrialState::kPaused);
  const auto next = scene.session.ask(true);
  EXPECT_EQ(next->from, 2);
  EXPECT_EQ(std::any_cast<std::string>(next->state), "model");
}

TEST(Session, AReportThatIsNotPastTheLastIsLeftOut) {
  Scene scene({train(0, 5), train(0, 8), Finish{0, "x"}});
  scene.session.ask(true);
  scene.session.report(0, 5, 0.5, {});
  scene.session.end(0, {}, {}, {});
  scene.session.ask(true);  // trains again from its beginning
  EXPECT_TRUE(scene.session.report(0, 3, 0.1, {}).go_on);
  EXPECT_TRUE(scene.session.report(0, 5, NAN, {}).go_on);
  EXPECT_TRUE(scene.heard.judged.empty());
  EXPECT_EQ(scene.session.trials()[0].value, 0.5);
}

TEST(Session, AValueThatIsNotFiniteIsDivergence) {
  for (const double value : {double(NAN), double(INFINITY), -double(INFINITY)}) {
    Scene scene({train(0, 5), Finish{{}, "x"}});
    scene.session.ask(true);
    EXPECT_TRUE(scene.session.report(0, 1, 0.9, {}).go_on);
    EXPECT_FALSE(scene.session.report(0, 2, value, {}).go_on);
    scene.session.end(0, {}, {}, {});
    EXPECT_TRUE(is<trial::Diverged>(scene.heard.told[0].second.outcome));
    EXPECT_EQ(scene.session.trials()[0].state, TrialState::kFailed);
    EXPECT_EQ(scene.session.best(), std::nullopt);
  }
}

TEST(Session, WhatEndsBeforeItsEndUnaskedHasEndedByItself) {
  Scene scene({train(0, 5), train(1, 5), Finish{0, "x"}});
  scene.session.ask(true);
  scene.session.ask(true);
  scene.session.report(0, 2, 0.5, {});
  scene.session.end(0, {}, {}, {});
  scene.session.end(1, {}, {}, {});
  EXPECT_TRUE(is<trial::Completed>(scene.heard.told[0].second.outcome));
  EXPECT_TRUE(is<trial::Failed>(scene.heard.told[1].second.outcome)) << "it has no value";
}

TEST(Session, WhatEndedByItselfKeepsItsStateAsItMayBeAskedForAgain) {
  Scene scene({train(0, 5), train(0, 8), Finish{0, "x"}});
  scene.session.ask(true);
  scene.session.report(0, 2, 0.5, {});
  scene.session.end(0, {}, {}, 42);
  EXPECT_EQ(scene.session.trials()[0].state, TrialState::kFinished);
  const auto again = scene.session.ask(true);
  EXPECT_EQ(again->from, 2);
  EXPECT_EQ(std::any_cast<int>(again->state), 42);
}

TEST(Session, AProbeIsOverAfterItsTimeWhereTheCallerTellsIt) {
  Train probe = train(0, 5);
  probe.probe = base::Seconds(2);
  Scene scene({probe, Finish{0, "x"}});
  scene.session.ask(true);
  EXPECT_TRUE(scene.session.report(0, 1, 0.5, {.seconds = 1.5}).go_on);
  EXPECT_TRUE(scene.session.report(0, 2, 0.5, {}).go_on);
  const Answer over = scene.session.report(0, 3, 0.5, {.seconds = 2.5});
  EXPECT_FALSE(over.go_on);
  EXPECT_TRUE(over.resumable);
}

TEST(Session, JoulesAddUpOverStretchesWithTheirErrors) {
  Scene scene({train(0, 5), train(0, 8), Finish{0, "x"}});
  scene.session.ask(true);
  scene.session.report(0, 5, 0.5, {});
  scene.session.end(0, {}, {.joules = 100, .joules_error = 3, .seconds = 7}, {});
  scene.session.ask(true);
  scene.session.report(0, 6, 0.5, {.joules = 20, .joules_error = 4, .seconds = 1});
  EXPECT_EQ(trial::total(scene.heard.judged[0].second.energy), base::Joules(120));
  EXPECT_EQ(scene.heard.judged[0].second.seconds, base::Seconds(8));
  scene.session.end(0, {}, {}, {});  // as last reported
  const trial::Stretch& told = scene.heard.told[1].second;
  EXPECT_EQ(trial::total(told.energy), base::Joules(120));
  EXPECT_EQ(trial::noise(told.energy), base::Joules(5));
  EXPECT_EQ(scene.session.joules(), 120);
  EXPECT_EQ(scene.session.trials()[0].joules, 120);
}

TEST(Session, JoulesThatWereNotToldAreUnknownFromThenOn) {
  Scene scene({train(0, 5), train(0, 8), Finish{0, "x"}});
  EXPECT_EQ(scene.session.joules(), 0);
  for (const double until : {5.0, 8.0}) {
    scene.session.ask(true);
    scene.session.report(0, until, 0.5, {});
    scene.session.end(0, {}, until == 5 ? Used{.joules = 100} : Used{}, {});
  }
  EXPECT_EQ(trial::total(scene.heard.told[1].second.energy), std::nullopt);
  EXPECT_EQ(scene.session.joules(), std::nullopt);
}

TEST(Session, AChildBeginsFromWhatItsParentHadKept) {
  Scene scene({train(0, 4), train(0, 6), train(1, 6, 0), Finish{0, "x"}});
  scene.session.ask(true);
  scene.session.report(0, 4, 0.5, {});
  scene.session.end(0, {}, {.joules = 9}, 42);
  scene.session.ask(true);  // the parent trains on meanwhile
  scene.session.report(0, 5, 0.5, {});
  const auto child = scene.session.ask(true);
  EXPECT_EQ(child->train.parent, 0);
  EXPECT_EQ(child->from, 4);
  EXPECT_EQ(std::any_cast<int>(child->state), 42);
  scene.session.report(1, 6, 0.6, {});
  scene.session.end(1, {}, {.joules = 1}, {});
  EXPECT_EQ(trial::total(scene.heard.told[0].second.energy), base::Joules(9));
  EXPECT_EQ(trial::total(scene.heard.told[1].second.energy), base::Joules(1)) << "its own only";
}

TEST(Session, ADropForgetsWhatWasKeptAndSaysWhy) {
  Scene scene(
      {train(0, 5), Drop{0, {{"x", 0.5}}, "worse"}, Drop{1, {{"x", 0.7}}, "never tried"}, Finish{{}, "x"}});
  const auto witness = std::make_shared<int>(7);
  scene.session.ask(true);
  scene.session.report(0, 5, 0.5, {});
  scene.session.end(0, {}, {}, witness);
  EXPECT_EQ(witness.use_count(), 2);
  EXPECT_EQ(scene.session.ask(true), std::nullopt);
  EXPECT_EQ(witness.use_count(), 1);
  const auto trials = scene.session.trials();
  ASSERT_EQ(trials.size(), 2u);
  EXPECT_EQ(trials[0].reason, "worse");
  EXPECT_EQ(trials[1].state, TrialState::kStopped);
  EXPECT_EQ(trials[1].parameters.at("x"), Value(0.7));
  EXPECT_EQ(trials[1].value, std::nullopt);
}

TEST(Session, TheSearchIsOverWhenAValueReachesTheTarget) {
  Scene scene({train(0, 5), train(1, 5), train(2, 5)},
              {.maximize = false, .resource_max = 10, .target = 0.1});
  scene.session.ask(true);
  scene.session.ask(true);
  EXPECT_TRUE(scene.session.report(0, 1, 0.5, {}).go_on);
  EXPECT_FALSE(scene.session.report(1, 1, 0.1, {}).go_on);
  EXPECT_TRUE(scene.session.finished());
  EXPECT_FALSE(scene.session.report(0, 2, 0.4, {}).go_on);
  scene.session.end(0, {}, {}, {});
  scene.session.end(1, {}, {}, {});
  EXPECT_EQ(scene.session.ask(true), std::nullopt);
  EXPECT_EQ(scene.session.best()->id, 1);
  EXPECT_EQ(scene.session.best()->value, 0.1);
  EXPECT_TRUE(scene.session.best()->decided);
  EXPECT_EQ(scene.session.trials()[0].state, TrialState::kStopped);
  EXPECT_EQ(scene.session.trials()[0].reason, "the search was over");
}

TEST(Session, WhatIsPausedWhenTheSearchIsOverIsFinishedOrStopped) {
  Scene scene({train(0, 5), train(1, 5), Finish{1, "x"}}, {.resource_max = 10});
  for (const TrialId id : {0, 1}) {
    scene.session.ask(true);
    scene.session.report(id, 5, 0.5, {});
    scene.session.end(id, {}, {}, {});
    EXPECT_EQ(scene.session.trials()[static_cast<std::size_t>(id)].state, TrialState::kPaused);
  }
  EXPECT_EQ(scene.session.ask(true), std::nullopt);
  EXPECT_EQ(scene.session.trials()[0].state, TrialState::kStopped);
  EXPECT_EQ(scene.session.trials()[0].reason, "the search was over");
  EXPECT_EQ(scene.session.trials()[1].state, TrialState::kFinished);
  EXPECT_EQ(scene.session.trials()[1].reason, "");
}

TEST(Session, TheSearchIsOverWhenItsJoulesAreSpent) {
  Scene scene({train(0, 5), train(1, 5)}, {.resource_max = 10, .max_joules = 100});
  scene.session.ask(true);
  scene.session.report(0, 5, 0.5, {});
  scene.session.end(0, {}, {.joules = 100}, {});
  EXPECT_EQ(scene.session.ask(true), std::nullopt);
  EXPECT_EQ(scene.session.best()->id, 0);
  EXPECT_FALSE(scene.session.best()->decided);
}

TEST(Session, ABudgetOfJoulesNeedsToKnowThem) {
  Scene scene({train(0, 5)}, {.resource_max = 10, .max_joules = 100});
  scene.session.ask(true);
  scene.session.report(0, 5, 0.5, {});
  EXPECT_THROW(scene.session.end(0, {}, {}, {}), Error);
}

TEST(Session, TheBestSoFarIsTheBestValueOfWhatDidNotFail) {
  Scene scene({train(0, 5), train(1, 5), train(2, 5)});
  for (const TrialId id : {0, 1, 2}) {
    scene.session.ask(true);
    scene.session.report(id, 5, id, {});
    scene.session.end(id, id == 2 ? std::optional<std::string>("out of memory") : std::nullopt, {}, {});
  }
  EXPECT_EQ(scene.session.best()->id, 1);
  EXPECT_FALSE(scene.session.best()->decided);
  EXPECT_EQ(scene.session.trials()[2].reason, "out of memory");
}

TEST(Session, APatientAskWaitsForATellAndAnotherDoesNot) {
  Scene scene({train(0, 5), Finish{0, "x"}});
  scene.session.ask(true);
  EXPECT_EQ(scene.session.ask(false), std::nullopt);
  EXPECT_FALSE(scene.session.finished());
  auto waiting = std::async(std::launch::async, [&] { return scene.session.ask(true); });
  scene.session.report(0, 5, 0.5, {});
  scene.session.end(0, {}, {}, {});
  EXPECT_EQ(waiting.get(), std::nullopt);
  EXPECT_TRUE(scene.session.finished());
}

TEST(Session, MistakesAreErrors) {
  Scene scene({train(0, 5), Finish{0, "x"}});
  scene.session.ask(true);
  EXPECT_THROW(scene.session.report(0, -1, 0.5, {}), Error);
  EXPECT_THROW(scene.session.report(0, NAN, 0.5, {}), Error);
  EXPECT_THROW(scene.session.report(0, 1, 0.5, {.joules = -3}), Error);
  scene.session.end(0, "x", {}, {});
  EXPECT_THROW(scene.session.end(0, "x", {}, {}), Error);
}

}  // namespace
}  // namespace sm2::library
