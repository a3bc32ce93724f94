#include "compare/simulation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <deque>

#include "testing/fake_workload.h"

namespace sm2::compare {
namespace {

using base::Joules;
using base::Seconds;
using testing::FakeCourse;
using testing::FakeWorkload;
using trial::Finish;
using trial::Stretch;
using trial::Train;
using trial::Wait;

struct Told {
  trial::TrialId trial;
  Stretch stretch;
};

struct Script {  // what a strategy of a test is to do, and what it was told
  std::deque<trial::Decision> decisions;
  std::function<strategy::Verdict(trial::TrialId, const Stretch&)> verdict;
  std::vector<Told> told, judged;
  std::vector<strategy::Options> options;
  std::deque<std::deque<trial::Decision>> next_studies;
};

// Decides what its script says; a Wait is asked for again and again until something is told.
class Scripted final : public strategy::Strategy {
 public:
  explicit Scripted(Script& script) : script_(script) {}
  trial::Decision ask() override {
    if (script_.decisions.empty()) return Finish{{}, ""};
    trial::Decision decision = script_.decisions.front();
    if (!std::holds_alternative<Wait>(decision)) script_.decisions.pop_front();
    return decision;
  }
  void tell(trial::TrialId trial, const Stretch& stretch) override {
    script_.told.push_back({trial, stretch});
    if (!script_.decisions.empty() && std::holds_alternative<Wait>(script_.decisions.front()))
      script_.decisions.pop_front();
  }
  strategy::Verdict judge(trial::TrialId trial, const Stretch& so_far) override {
    script_.judged.push_back({trial, so_far});
    return script_.verdict ? script_.verdict(trial, so_far) : strategy::Verdict{};
  }

 private:
  Script& script_;
};

Setting scripted(Script& script, int workers = 1) {
  Setting setting;
  setting.strategy = "scripted";
  setting.workers = workers;
  setting.make = [&script](
                     const space::Space&,
                     const strategy::Options& options) -> base::Result<std::unique_ptr<strategy::Strategy>> {
    script.options.push_back(options);
    if (script.options.size() > 1 && !script.next_studies.empty()) {
      script.decisions = script.next_studies.front();
      script.next_studies.pop_front();
    }
    return std::make_unique<Scripted>(script);
  };
  return setting;
}

Train train(trial::TrialId trial, std::int64_t batch_size, double until) {
  return {trial, {{"batch_size", batch_size}}, 0, until, {}, {}};
}

FakeCourse course(std::vector<std::optional<double>> metrics, double joules = 10, double seconds = 1) {
  return {std::move(metrics), {Joules(joules), Seconds(seconds)}};
}

double total(const Stretch& stretch) { return trial::total(stretch.energy)->value; }

TEST(Simulation, TheEndOfAStretchIsToldWithEverythingThatARealStudyTells) {
  const FakeWorkload workload({{32, {course({0.5, 0.6, 0.7})}}});
  Script script{{train(0, 32, 2), Wait(), Finish{0, ""}}, {}, {}, {}, {}, {}};
  const auto spent = simulate(workload, scripted(script), 1);
  ASSERT_EQ(script.told.size(), 1);
  const Stretch& told = script.told[0].stretch;
  EXPECT_EQ(told.outcome, trial::Outcome(trial::Paused{}));
  EXPECT_EQ(told.reached, 2);
  EXPECT_EQ(told.metric, 0.6);
  EXPECT_EQ(told.seconds, Seconds(2));
  ASSERT_EQ(told.energy.size(), 1);
  EXPECT_EQ(told.energy[0].domain, "workload");
  EXPECT_EQ(told.energy[0].source, "replay");
  EXPECT_EQ(told.energy[0].quality, trial::Quality::kReplayed);
  EXPECT_EQ(told.energy[0].joules, Joules(20));
  EXPECT_EQ(told.progress.samples, 2000);
  EXPECT_EQ(told.progress.joules_per_sample, 0.01);
  EXPECT_EQ(told.progress.seconds_per_sample, 0.001);
  EXPECT_EQ(told.progress.samples_per_step, 32);
  EXPECT_EQ(spent->joules, Joules(20));
  EXPECT_EQ(spent->seconds, Seconds(2));
  EXPECT_EQ(spent->metric, 0.6);
  EXPECT_TRUE(spent->reached);
  EXPECT_EQ(spent->chosen, (space::Configuration{{"batch_size", std::int64_t{32}}}));
}

TEST(Simulation, ToTheEndTheStrategyIsToldOfNoTarget) {
  const FakeWorkload workload({{32, {course({0.5, 0.9, 0.7})}}}, 0.9);
  Script script{{train(0, 32, 3), Wait(), Finish{0, ""}}, {}, {}, {}, {}, {}};
  Setting setting = scripted(script);
  setting.to_the_end = true;
  const auto spent = simulate(workload, setting, 1);
  ASSERT_EQ(script.options.size(), 1);
  EXPECT_FALSE(script.options[0].target);
  EXPECT_EQ(spent->joules, Joules(30));
  EXPECT_EQ(spent->metric, 0.7) << "the winner's, where it ends";
  EXPECT_TRUE(spent->reached);
}

TEST(Simulation, AMissHasTheTestMetricOfTheBestThatWasSeen) {
  FakeCourse tested = course({0.5, 0.6, 0.4});
  tested.test_metrics = {0.1, 0.2, 0.3};
  const FakeWorkload workload({{32, {tested}}}, 0.9);
  Script script{{train(0, 32, 3), Wait(), Finish{0, ""}}, {}, {}, {}, {}, {}};
  const auto spent = simulate(workload, scripted(script), 1);
  EXPECT_FALSE(spent->reached);
  EXPECT_EQ(spent->metric, 0.6);
  EXPECT_EQ(spent->test_metric, 0.2);
}

TEST(Simulation, ATrainingThatEndsIsCompletedAndHasNoMore) {
  FakeWorkload workload({{32, {course({0.5, 0.6})}}});
  workload.change().resource_max = 9;
  Script script{{train(0, 32, 5), Wait(), train(0, 32, 9), Wait(), Finish{0, ""}}, {}, {}, {}, {}, {}};
  const auto spent = simulate(workload, scripted(script), 1);
  ASSERT_EQ(script.told.size(), 2);
  for (const Told& told : script.told) {
    EXPECT_EQ(told.stretch.outcome, trial::Outcome(trial::Completed{}));
    EXPECT_EQ(told.stretch.reached, 2);
  }
  EXPECT_EQ(spent->joules, Joules(20));
}

TEST(Simulation, JudgesEveryUnitButTheLastOfAStretch) {
  const FakeWorkload workload({{32, {course({0.1, {}, 0.3, 0.4})}}});
  Script script{{train(0, 32, 4), Wait(), Finish{0, ""}}, {}, {}, {}, {}, {}};
  ASSERT_TRUE(simulate(workload, scripted(script), 1));
  ASSERT_EQ(script.judged.size(), 2) << "nothing is seen after the second unit";
  EXPECT_EQ(script.judged[0].stretch.metric, 0.1);
  EXPECT_EQ(script.judged[1].stretch.reached, 3);
  EXPECT_EQ(total(script.judged[1].stretch), 30);
}

TEST(Simulation, AVerdictEndsTheStretch) {
  for (const auto action : {trial::Action::kPause, trial::Action::kStop}) {
    const FakeWorkload workload({{32, {course({0.1, 0.2, 0.3})}}});
    Script script{{train(0, 32, 3), Wait(), Finish{{}, ""}},
                  [&](trial::TrialId, const Stretch& so_far) {
                    return so_far.reached == 2 ? strategy::Verdict{action, "enough"} : strategy::Verdict{};
                  },
                  {},
                  {},
                  {},
                  {}};
    const auto spent = simulate(workload, scripted(script), 1);
    const bool stopped = action == trial::Action::kStop;
    ASSERT_EQ(script.told.size(), 1);
    EXPECT_EQ(script.told[0].stretch.outcome,
              stopped ? trial::Outcome(trial::Stopped{"enough"}) : trial::Outcome(trial::Paused{}));
    EXPECT_EQ(script.told[0].stretch.reached, 2);
    EXPECT_EQ(spent->joules, Joules(20));
    EXPECT_FALSE(spent->reached);
  }
}

TEST(Simulation, AProbeEndsInMidUnitWithExactEnergyAndNoMetricBeforeTheFirstUnit) {
  const FakeWorkload workload({{32, {course({0.5, 0.6}, 10, 4)}}});
  Train probe = train(0, 32, 2);
  probe.probe = Seconds(1);
  Script script{{probe, Wait(), probe, Wait(), train(0, 32, 1), Wait(), Finish{0, ""}}, {}, {}, {}, {}, {}};
  ASSERT_TRUE(simulate(workload, scripted(script), 1));
  ASSERT_EQ(script.told.size(), 3);
  EXPECT_EQ(script.told[0].stretch.reached, 0.25);
  EXPECT_EQ(script.told[0].stretch.progress.samples, 250);
  EXPECT_EQ(total(script.told[0].stretch), 2.5);
  EXPECT_EQ(script.told[0].stretch.metric, std::nullopt);
  EXPECT_EQ(script.told[0].stretch.outcome, trial::Outcome(trial::Paused{}));
  EXPECT_EQ(script.told[1].stretch.reached, 0.5);
  EXPECT_EQ(script.told[2].stretch.reached, 1);
  EXPECT_EQ(script.told[2].stretch.metric, 0.5);
}

TEST(Simulation, AProbeMayPassUnitsAndEndWithOne) {
  const FakeWorkload workload({{32, {course({0.5, 0.6, 0.7, 0.8})}}});
  Train probe = train(0, 32, 4);
  probe.probe = Seconds(2.5);
  Train whole = train(1, 32, 4);
  whole.probe = Seconds(2);
  Script script{{probe, Wait(), whole, Wait(), Finish{0, ""}}, {}, {}, {}, {}, {}};
  ASSERT_TRUE(simulate(workload, scripted(script), 1));
  EXPECT_EQ(script.told[0].stretch.reached, 2.5);
  EXPECT_EQ(script.told[0].stretch.metric, 0.6);
  EXPECT_EQ(script.told[1].stretch.reached, 2);
  EXPECT_EQ(script.told[1].stretch.metric, 0.6);
  EXPECT_EQ(script.judged.size(), 3) << "two units of the first probe, one of the second";
}

TEST(Simulation, AStretchMayEndInMidUnit) {
  const FakeWorkload workload({{32, {course({0.5, 0.6})}}});
  Script script{{train(0, 32, 1.5), Wait(), train(0, 32, 2), Wait(), Finish{0, ""}}, {}, {}, {}, {}, {}};
  ASSERT_TRUE(simulate(workload, scripted(script), 1));
  EXPECT_EQ(script.told[0].stretch.reached, 1.5);
  EXPECT_EQ(total(script.told[0].stretch), 15);
  EXPECT_EQ(script.told[1].stretch.metric, 0.6);
}

TEST(Simulation, AMetricThatIsNoNumberIsADivergence) {
  const FakeWorkload workload({{32, {course({0.5, std::nan(""), 0.7})}}});
  Script script{{train(0, 32, 3), Wait(), Finish{{}, ""}}, {}, {}, {}, {}, {}};
  const auto spent = simulate(workload, scripted(script), 1);
  ASSERT_EQ(script.told.size(), 1);
  EXPECT_TRUE(std::holds_alternative<trial::Diverged>(script.told[0].stretch.outcome));
  EXPECT_EQ(script.told[0].stretch.reached, 2);
  EXPECT_EQ(spent->joules, Joules(20));
  EXPECT_EQ(spent->metric, 0.5) << "the best that was seen";
}

TEST(Simulation, TheJobIsOverWhenTheTargetIsReachedAndOthersAreChargedUpToThen) {
  const FakeWorkload workload(
      {{32, {course({0.5, 0.9, 0.95}, 10, 1)}}, {64, {course({0.1, 0.2, 0.3}, 100, 5)}}}, 0.9);
  Script script{{train(0, 64, 3), train(1, 32, 3), Wait()}, {}, {}, {}, {}, {}};
  const auto spent = simulate(workload, scripted(script, 2), 1);
  EXPECT_TRUE(spent->reached);
  EXPECT_EQ(spent->seconds, Seconds(2));
  EXPECT_DOUBLE_EQ(spent->joules.value, 2 * 10 + 100 * 2.0 / 5);
  EXPECT_EQ(spent->metric, 0.9);
  EXPECT_EQ(spent->chosen, (space::Configuration{{"batch_size", std::int64_t{32}}}));
  EXPECT_EQ(spent->trials, 2);
}

TEST(Simulation, WorkersTakeTurnsInSimulatedTime) {
  const FakeWorkload workload({{32, {course({0.5}, 10, 1)}}, {64, {course({0.6}, 10, 3)}}});
  Script script{
      {train(0, 64, 1), train(1, 32, 1), train(2, 32, 1), train(3, 32, 1), Wait(), Wait(), Finish{0, ""}},
      {},
      {},
      {},
      {},
      {}};
  const auto spent = simulate(workload, scripted(script, 2), 1);
  ASSERT_TRUE(spent);
  std::vector<trial::TrialId> order;
  for (const Told& told : script.told) order.push_back(told.trial);
  EXPECT_EQ(order, (std::vector<trial::TrialId>{1, 2, 0, 3})) << "equal times end in the order they began";
  EXPECT_EQ(spent->seconds, Seconds(3));
}

TEST(Simulation, AMissedTargetStartsTheStrategyAnewWithWhatItLearnt) {
  const FakeWorkload workload({{32, {course({0.5, 0.6})}}, {64, {course({0.5, 0.9})}}}, 0.9);
  Script script{{train(0, 32, 2), Wait(), Finish{0, ""}}, {}, {}, {}, {}, {{train(0, 64, 2), Wait()}}};
  const auto spent = simulate(workload, scripted(script), 1);
  EXPECT_TRUE(spent->reached);
  EXPECT_EQ(spent->starts, 2);
  EXPECT_EQ(spent->joules, Joules(40)) << "what was spent in vain is charged";
  EXPECT_EQ(spent->trials, 2);
  ASSERT_EQ(script.options.size(), 2);
  EXPECT_NE(script.options[0].seed, script.options[1].seed);
  EXPECT_TRUE(script.options[0].experience.empty());
  ASSERT_EQ(script.options[1].experience.size(), 1);
  const strategy::Experience& learnt = script.options[1].experience[0];
  EXPECT_EQ(learnt.configuration, (space::Configuration{{"batch_size", std::int64_t{32}}}));
  EXPECT_EQ(learnt.points, (std::vector<strategy::Experience::Point>{{1, 0.5, 10}, {2, 0.6, 20}}));
  EXPECT_EQ(learnt.reached, 2);
  EXPECT_EQ(learnt.joules, 20);
  EXPECT_FALSE(learnt.failed);
}

TEST(Simulation, ATargetThatNobodyReachesIsGivenUpAndSaidSo) {
  const FakeWorkload workload({{32, {course({0.5, 0.6})}}}, 0.9);
  Setting setting;
  setting.strategy = "random";
  const auto spent = simulate(workload, setting, 1);
  EXPECT_FALSE(spent->reached);
  EXPECT_EQ(spent->starts, kMostStarts);
  EXPECT_EQ(spent->joules, Joules(20.0 * kMostStarts));
  EXPECT_EQ(spent->metric, 0.6);
}

TEST(Simulation, WhatIsDroppedOrFailsIsLearntToo) {
  const FakeWorkload workload({{32, {course({0.5, 0.6})}}, {64, {course({std::nan("")})}}});
  Script script{{train(0, 32, 1), Wait(), trial::Drop{0, {}, ""}, train(1, 64, 1), Wait(), train(2, 32, 2),
                 Wait(), Finish{2, ""}},
                {},
                {},
                {},
                {},
                {}};
  Setting setting = scripted(script);
  setting.learn = true;
  const auto spent = simulate(workload, setting, 1);
  ASSERT_EQ(spent->learnt.size(), 3);
  EXPECT_EQ(spent->learnt[0].reached, 1);
  EXPECT_FALSE(spent->learnt[0].failed);
  EXPECT_TRUE(spent->learnt[1].failed);
  EXPECT_EQ(spent->learnt[2].reached, 2);
  EXPECT_EQ(spent->learnt[2].device, "fake");
}

FakeWorkload with_limits() {
  FakeWorkload workload({{32, {course({0.5, 0.6}, 100, 64)}}});
  workload.limit_power({{100, {1.5, 4}}, {150, {1.2, 2}}, {200, {0.8, 1.25}}, {250, {1, 1}}});
  return workload;
}

TEST(Simulation, ATrialThatTunesPowerTriesLimitsFromTheHighestAndGoesOnAtTheBest) {
  const FakeWorkload workload = with_limits();
  Train tuned = train(0, 32, 1);
  tuned.tune_power = true;
  Train further = train(0, 32, 2);
  further.tune_power = true;
  Script script{{tuned, Wait(), further, Wait(), Finish{0, ""}}, {}, {}, {}, {}, {}};
  const auto spent = simulate(workload, scripted(script), 1);
  // 250, 200, 150 and 100 W are tried for 1/64 unit, or for 2 s where that is shorter: 1, 1.25, 2 and 2 s of units of
  // 64, 80, 128 and 256 s. The rest of the unit runs at 200 W.
  const double tried = 1.0 / 64 + 1.25 / 80 + 2.0 / 128 + 2.0 / 256;
  const double joules = (100 * 1.0 + 80 * 1.0 + 120 * 1.0) / 64 + 150 * 2.0 / 256 + 80 * (1 - tried);
  EXPECT_NEAR(total(script.told[0].stretch), joules, 1e-9);
  EXPECT_NEAR(total(script.told[1].stretch), joules + 80, 1e-9) << "the search is over in the second stretch";
  EXPECT_NEAR(script.told[0].stretch.seconds.value, 1 + 1.25 + 2 + 2 + 80 * (1 - tried), 1e-9);
  EXPECT_DOUBLE_EQ(*script.told[0].stretch.progress.joules_per_sample, 0.08);
  EXPECT_EQ(script.told[0].stretch.progress.power_limit, base::Watts(200));
  EXPECT_EQ(spent->limit, base::Watts(200));
  EXPECT_TRUE(script.options[0].tune_power);
}

TEST(Simulation, OthersRunAtTheDefaultLimit) {
  const FakeWorkload workload = with_limits();
  Script script{{train(0, 32, 1), Wait(), Finish{0, ""}}, {}, {}, {}, {}, {}};
  const auto spent = simulate(workload, scripted(script), 1);
  EXPECT_EQ(spent->joules, Joules(100));
  EXPECT_EQ(spent->limit, base::Watts(250));
}

TEST(Simulation, PowerCanBeTunedForAStrategyThatDoesNotAsk) {
  const FakeWorkload workload = with_limits();
  Script script{{train(0, 32, 1), Wait(), Finish{0, ""}}, {}, {}, {}, {}, {}};
  Setting setting = scripted(script);
  setting.tune_power = true;
  const auto spent = simulate(workload, setting, 1);
  EXPECT_LT(spent->joules, Joules(90));
  EXPECT_EQ(spent->limit, base::Watts(200));
}

TEST(Simulation, ATryThatAProbeCutsShortIsMadeAgain) {
  const FakeWorkload workload = with_limits();
  Train probe = train(0, 32, 1);
  probe.tune_power = true;
  probe.probe = Seconds(1.5);  // the first limit and a part of the second
  Train rest = train(0, 32, 1);
  rest.tune_power = true;
  Script script{{probe, Wait(), rest, Wait(), Finish{0, ""}}, {}, {}, {}, {}, {}};
  const auto spent = simulate(workload, scripted(script), 1);
  EXPECT_NEAR(total(script.told[0].stretch), 100.0 / 64 + 80 * 0.5 / 80, 1e-9);
  EXPECT_EQ(spent->limit, base::Watts(200));
}

TEST(Simulation, AChildBeginsWhereItsParentStands) {
  const FakeWorkload workload({{32, {course({0.5, 0.6, 0.7})}}, {64, {course({0.1, 0.2, 0.9})}}});
  Train child = train(1, 64, 3);
  child.parent = 0;
  Script script{{train(0, 32, 2), Wait(), child, Wait(), Finish{1, ""}}, {}, {}, {}, {}, {}};
  const auto spent = simulate(workload, scripted(script), 1);
  EXPECT_EQ(script.told[1].stretch.reached, 3);
  EXPECT_EQ(script.told[1].stretch.metric, 0.9);
  EXPECT_EQ(total(script.told[1].stretch), 10) << "its own energy only";
  EXPECT_EQ(spent->joules, Joules(30));
}

// Eight courses that differ by energy: which one a training is can be told from what it costs.
FakeWorkload with_runs() {
  std::vector<FakeCourse> runs;
  for (int run = 0; run < 8; ++run) runs.push_back(course({0.5}, 1 << run));
  return FakeWorkload({{32, runs}, {64, runs}});
}

std::vector<double> trainings(const std::vector<std::int64_t>& batch_sizes, std::uint64_t seed) {
  const FakeWorkload workload = with_runs();
  Script script;
  for (std::size_t i = 0; i < batch_sizes.size(); ++i) {
    script.decisions.emplace_back(train(static_cast<trial::TrialId>(i), batch_sizes[i], 1));
    script.decisions.emplace_back(Wait());
  }
  EXPECT_TRUE(simulate(workload, scripted(script), seed));
  std::vector<double> joules;
  for (const Told& told : script.told) joules.push_back(total(told.stretch));
  return joules;
}

TEST(Simulation, TheNthTrainingOfAConfigurationIsTheSameWhoeverAsksAndWhen) {
  const auto one = trainings({32, 32, 32, 64, 64}, 7);
  const auto other = trainings({64, 32, 64, 32, 32}, 7);
  EXPECT_EQ((std::vector{one[0], one[1], one[2]}), (std::vector{other[1], other[3], other[4]}));
  EXPECT_EQ((std::vector{one[3], one[4]}), (std::vector{other[0], other[2]}));
  EXPECT_NE(one, trainings({32, 32, 32, 64, 64}, 8));
  EXPECT_FALSE(one[0] == one[1] && one[1] == one[2]) << "a second training is another draw";
}

TEST(Simulation, RecurringJobsBeginFromWhatAllBeforeLearnt) {
  const FakeWorkload workload({{32, {course({0.5, 0.9})}}}, 0.9);
  Script script;
  for (int job = 0; job < 3; ++job) script.next_studies.push_back({train(0, 32, 2), Wait()});
  script.decisions = script.next_studies.front();
  script.next_studies.pop_front();
  const auto jobs = recur(workload, scripted(script), 1, 3);
  ASSERT_EQ(jobs->size(), 3);
  ASSERT_EQ(script.options.size(), 3);
  EXPECT_EQ(script.options[2].experience.size(), 2);
  EXPECT_EQ(script.options[2].experience[0].study, 0);
  EXPECT_EQ(script.options[2].experience[1].study, 1);
  EXPECT_EQ((*jobs)[2].joules, Joules(20)) << "each job is charged for itself";
}

TEST(Simulation, IsTheSameBitForBit) {
  const FakeWorkload workload = with_runs();
  Setting setting;
  setting.strategy = "random";
  setting.workers = 3;
  setting.learn = true;
  const auto one = simulate(workload, setting, 5);
  const auto other = simulate(workload, setting, 5);
  EXPECT_EQ(one->joules, other->joules);
  EXPECT_EQ(one->learnt, other->learnt);
}

TEST(Simulation, AStrategyThatWaitsForNothingIsAnError) {
  const FakeWorkload workload({{32, {course({0.5})}}});
  Script script{{Wait()}, {}, {}, {}, {}, {}};
  const auto spent = simulate(workload, scripted(script), 1);
  ASSERT_FALSE(spent);
  EXPECT_EQ(spent.error().message, "strategy 'scripted' waits although no trial runs");
}

}  // namespace
}  // namespace sm2::compare
