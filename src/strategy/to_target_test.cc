#include "strategy/to_target.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "base/match.h"

namespace sm2::strategy {
namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();
constexpr double kTarget = 0.9, kSamplesPerUnit = 1000, kSamplesPerSecond = 100;

space::Configuration of(std::int64_t batch_size) { return {{"batch_size", batch_size}}; }

struct Shape {
  double sample_joules = 1, units = 20;  // to the target; infinite: it levels off at 0.5
  std::optional<trial::Outcome> in_probe = {}, in_training = {};  // how it fails
};

// An analytic job, evaluated once per unit of resource.
struct Job {
  std::map<std::int64_t, Shape> shapes;
  double resource_max = 100;
  bool minimized = false;  // a loss from 6 down to 2

  double target() const { return minimized ? -2 : kTarget; }
  double metric(std::int64_t batch_size, double units) const {
    const double to_target = shapes.at(batch_size).units;
    if (to_target == kNever) return 0.5 * (1 - std::exp(-units / 3));
    const double asymptote = 1.07, exponent = 1.2;
    const double scale = to_target / (std::pow(asymptote / (asymptote - 1), 1 / exponent) - 1);
    // At the last unit it is at the target, whatever the rounding.
    const double progress = asymptote * (1 - std::pow(1 + units / scale, -exponent)) + 1e-9;
    return minimized ? -6 + 4 * progress : kTarget * progress;
  }
  double joules(std::int64_t batch_size, double units) const {
    return units * kSamplesPerUnit * shapes.at(batch_size).sample_joules;
  }
  Options options() const {
    Options of_job;
    of_job.target = target();
    of_job.minimized = minimized;
    of_job.resource_max = resource_max;
    of_job.seed = 1;
    return of_job;
  }
  ToTarget strategy(const Options& with) const {
    std::vector<space::Configuration> candidates;
    for (const auto& [batch_size, shape] : shapes) candidates.push_back(of(batch_size));
    return {candidates, {}, with};
  }
};

struct Leg {  // one stretch
  trial::TrialId trial = 0;
  std::int64_t batch_size = 0;
  bool probe = false;
  double from = 0, to = 0;
};

struct Story {
  std::vector<trial::Decision> decisions;
  std::vector<Leg> legs;
  std::map<std::int64_t, std::string> dropped;
  std::optional<trial::Finish> finish;
  std::optional<std::int64_t> arrived;  // batch size that reached the target
  double joules = 0;
};

// Trains for a strategy as a study would, until the target is reached or the strategy finishes.
class Driver {
 public:
  Driver(const Job& job, Strategy& strategy) : job_(job), strategy_(strategy) {}

  Story run() {
    while (!story_.finish && !story_.arrived && story_.decisions.size() < 1000) {
      story_.decisions.push_back(strategy_.ask());
      std::visit(base::Match{[&](const trial::Train& asked) { train(asked); },
                             [&](const trial::Drop& drop) {
                               story_.dropped[of_batch(drop.configuration)] = drop.reason;
                             },
                             [](const trial::Wait&) { ADD_FAILURE() << "waits for nothing"; },
                             [&](const trial::Finish& finish) { story_.finish = finish; }},
                 story_.decisions.back());
    }
    EXPECT_LT(story_.decisions.size(), 1000u);
    for (const auto& [trial, reached] : reached_) story_.joules += job_.joules(batch_of_.at(trial), reached);
    return story_;
  }

 private:
  static std::int64_t of_batch(const space::Configuration& configuration) {
    return std::get<std::int64_t>(configuration.at("batch_size"));
  }

  void train(const trial::Train& asked) {
    EXPECT_TRUE(std::holds_alternative<trial::Wait>(strategy_.ask())) << "one trial at a time";
    EXPECT_EQ(asked.until, job_.resource_max);
    const std::int64_t batch_size = of_batch(asked.configuration);
    EXPECT_FALSE(gone_.contains(asked.trial)) << asked.trial << " failed before, or ended";
    EXPECT_FALSE(story_.dropped.contains(batch_size));
    batch_of_[asked.trial] = batch_size;
    const double from = reached_[asked.trial];
    const trial::Stretch told = asked.probe ? probe(asked, batch_size) : full(asked, batch_size);
    if (!std::holds_alternative<trial::Paused>(told.outcome)) gone_.insert(asked.trial);
    story_.legs.push_back({asked.trial, batch_size, asked.probe.has_value(), from, told.reached});
    if (!story_.arrived) strategy_.tell(asked.trial, told);
  }

  trial::Stretch probe(const trial::Train& asked, std::int64_t batch_size) {
    double& reached = reached_[asked.trial];
    reached += asked.probe->value * kSamplesPerSecond / kSamplesPerUnit;
    return stretch(batch_size, reached, job_.shapes.at(batch_size).in_probe.value_or(trial::Paused{}), {});
  }

  trial::Stretch full(const trial::Train& asked, std::int64_t batch_size) {
    double& reached = reached_[asked.trial];
    while (true) {
      reached = std::floor(reached) + 1;
      const double metric = job_.metric(batch_size, reached);
      if (const auto& failure = job_.shapes.at(batch_size).in_training)
        return stretch(batch_size, reached, *failure, {});
      if (metric >= job_.target()) story_.arrived = batch_size;
      if (story_.arrived || reached >= asked.until)
        return stretch(batch_size, reached, trial::Completed{}, metric);
      const trial::Stretch so_far = stretch(batch_size, reached, trial::Paused{}, metric);
      const Verdict verdict = strategy_.judge(asked.trial, so_far);
      EXPECT_NE(verdict.action, trial::Action::kStop);
      if (verdict.action == trial::Action::kPause) return so_far;
    }
  }

  trial::Stretch stretch(std::int64_t batch_size, double reached, const trial::Outcome& outcome,
                         std::optional<double> metric) const {
    trial::Stretch told;
    told.outcome = outcome;
    told.reached = reached;
    told.metric = metric;
    told.energy = {{"fake",
                    "fake",
                    trial::Quality::kReplayed,
                    base::Joules(job_.joules(batch_size, reached)),
                    {},
                    {},
                    {},
                    ""}};
    told.progress.joules_per_sample = job_.shapes.at(batch_size).sample_joules;
    return told;
  }

  const Job& job_;
  Strategy& strategy_;
  Story story_;
  std::map<trial::TrialId, double> reached_;
  std::map<trial::TrialId, std::int64_t> batch_of_;
  std::set<trial::TrialId> gone_;
};

Story run(const Job& job, const Options& options) {
  ToTarget strategy = job.strategy(options);
  return Driver(job, strategy).run();
}
Story run(const Job& job) { return run(job, job.options()); }

std::vector<std::int64_t> batch_sizes(const Story& story, bool probes) {
  std::vector<std::int64_t> sizes;
  for (const Leg& leg : story.legs) {
    if (leg.probe == probes) sizes.push_back(leg.batch_size);
  }
  return sizes;
}
std::vector<std::int64_t> probed(const Story& story) { return batch_sizes(story, true); }
std::vector<std::int64_t> trained(const Story& story) { return batch_sizes(story, false); }

using Sizes = std::vector<std::int64_t>;

// Smaller batches cost more per sample, and the middle ones need the fewest samples.
Job wide(double large_units, double middle_units) {
  return {{{8, {2.5, middle_units}},
           {16, {1.9, middle_units}},
           {32, {1.5, middle_units}},
           {64, {1.25, middle_units}},
           {128, {1.12, large_units}},
           {256, {1.05, large_units}},
           {512, {1, large_units}}}};
}

TEST(ToTarget, ProbesTheLargestFirstAndStopsAtTwiceTheLeast) {
  const Job job{{{16, {4, 3}}, {32, {2.1, 3}}, {64, {1.9, 3}}, {128, {1.1, 3}}, {256, {1, 3}}}};
  const Story story = run(job);
  EXPECT_EQ(probed(story), (Sizes{256, 128, 64, 32}));
  EXPECT_EQ(story.legs[0].to, 0.2);   // two seconds of training that is likely kept
  EXPECT_EQ(story.legs[1].to, 0.05);  // a quarter of it for the others
  EXPECT_EQ(story.legs[4].from, 0.2) << "the probe is kept";
}

TEST(ToTarget, ALargerBatchThatPaysClearlyMorePerSampleIsDropped) {
  const Job job{{{32, {2, 10}}, {64, {1, 10}}, {128, {1.49, 10}}, {256, {1.51, 10}}}};
  const Story story = run(job);
  ASSERT_EQ(story.dropped.size(), 1u);
  EXPECT_EQ(story.dropped.at(256),
            "probe: a sample costs 1.51 times what it costs with batch size 64: a larger batch never needs "
            "fewer samples");
  EXPECT_EQ(trained(story).front(), 64);
}

TEST(ToTarget, AShortJobStaysWithTheCheapestPerSample) {
  for (const double units : {1, 2}) {
    const Story story = run(wide(units, 1));
    EXPECT_EQ(trained(story), Sizes{512}) << units;
    EXPECT_EQ(story.arrived, 512);
  }
}

TEST(ToTarget, ALongJobChangesToTheMiddleWhereThatIsClearlyCheaper) {
  const Story story = run(wide(90, 15));
  EXPECT_EQ(story.arrived, 64);
  const Sizes order = trained(story);
  ASSERT_GE(order.size(), 2u);
  EXPECT_EQ(order[0], 512);
  EXPECT_EQ(order[1], 64);
  EXPECT_EQ(std::ranges::count(order, 512), 1);
  // Not much more than the middle alone would have taken.
  EXPECT_LT(story.joules, 1.5 * 15 * 1250);
}

TEST(ToTarget, ALongJobReturnsFromTheMiddleWhereThatIsDearer) {
  Job job = wide(60, 58);
  job.shapes[64].units = job.shapes[32].units = 400;
  const Story story = run(job);
  const Sizes order = trained(story);
  ASSERT_GE(order.size(), 3u);
  EXPECT_EQ((Sizes{order[0], order[1]}), (Sizes{512, 64}));
  EXPECT_EQ(order[2], 512);
  for (const Leg& leg : story.legs) {
    if (leg.batch_size != 64) continue;
    EXPECT_LE(leg.to, 2) << "no more energy than the first used";
  }
}

TEST(ToTarget, NeighboursWithinAFactorOfTwoAreNotCompared) {
  const Job job{{{256, {1.5, 60}}, {512, {1.2, 60}}, {1024, {1, 60}}}};
  const Story story = run(job);
  EXPECT_EQ(trained(story), Sizes{1024});
  EXPECT_EQ(story.arrived, 1024);
}

TEST(ToTarget, ARunThatNeverArrivesIsLeftForAnother) {
  Job job = wide(kNever, 15);
  const Story story = run(job);
  ASSERT_TRUE(story.arrived);
  EXPECT_LE(*story.arrived, 64);
  const Job pair{{{256, {1.5, 20}}, {512, {1, kNever}}}};
  const Story of_pair = run(pair);
  EXPECT_EQ(of_pair.arrived, 256);
  for (const Leg& leg : of_pair.legs) {
    if (leg.batch_size != 512) continue;
    EXPECT_LT(leg.to, 100) << "long before its end";
  }
}

TEST(ToTarget, WhatDoesNotFitOrFailsInItsProbeLeaves) {
  Job job{{{64, {1.2, 5}}, {128, {1.1, 5}}, {256, {1, 5}}, {512, {0.9, 5}}}};
  job.shapes[512].in_probe = trial::OutOfMemory{};
  job.shapes[256].in_probe = trial::Failed{1, "no"};
  const Story story = run(job);
  EXPECT_EQ(probed(story), (Sizes{512, 256, 128, 64}));
  EXPECT_EQ(std::ranges::count(trained(story), 512) + std::ranges::count(trained(story), 256), 0);
  EXPECT_EQ(story.arrived, 128);
}

TEST(ToTarget, AFailedProbeSaysNothingAboutSmallerBatches) {
  Job job{{{64, {1.1, 5}}, {128, {1, 5}}, {256, {5, 5}}, {512, {1.3, 5}}}};
  job.shapes[256].in_probe = trial::Failed{1, ""};  // after much energy
  const Story story = run(job);
  EXPECT_EQ(probed(story), (Sizes{512, 256, 128, 64}));
  EXPECT_EQ(story.arrived, 128);
}

TEST(ToTarget, WhatFailsInTrainingLeaves) {
  Job job{{{64, {1.2, 5}}, {128, {1.1, 5}}, {256, {1, 5}}}};
  job.shapes[256].in_training = trial::OutOfMemory{};
  job.shapes[128].in_training = trial::Diverged{};
  const Story story = run(job);
  EXPECT_EQ(trained(story), (Sizes{256, 128, 64}));
  EXPECT_EQ(story.arrived, 64);
}

TEST(ToTarget, FinishesWithoutAWinnerWhereEveryOneFailed) {
  Job job{{{64, {1.2, 5}}, {128, {1.1, 5}}}};
  job.shapes[64].in_probe = trial::Failed{1, ""};
  job.shapes[128].in_training = trial::Failed{1, ""};
  const Story story = run(job);
  ASSERT_TRUE(story.finish);
  EXPECT_EQ(story.finish->winner, std::nullopt);
}

TEST(ToTarget, FinishesWithTheBestMetricWhereNoneArrives) {
  // The end comes before the target; 64 comes nearest.
  Job job{{{64, {1.2, 10}}, {256, {1.1, 30}}, {1024, {1, 40}}}};
  job.resource_max = 6;
  const Story story = run(job);
  ASSERT_TRUE(story.finish);
  ASSERT_TRUE(story.finish->winner);
  const auto won = std::ranges::find(story.legs, *story.finish->winner, &Leg::trial);
  EXPECT_EQ(won->batch_size, 64);
  std::map<std::int64_t, int> to_the_end;
  for (const Leg& leg : story.legs) to_the_end[leg.batch_size] += leg.to == 6;
  EXPECT_EQ(to_the_end, (std::map<std::int64_t, int>{{64, 2}, {256, 2}, {1024, 2}}));
}

TEST(ToTarget, ALossIsBroughtDownToItsTarget) {
  Job job = wide(90, 15);
  job.minimized = true;
  const Story story = run(job);
  EXPECT_EQ(story.arrived, 64);
  EXPECT_EQ(trained(story).front(), 512);
}

TEST(ToTarget, PowerIsTunedInTrainingAndNotInProbes) {
  Options options = wide(90, 15).options();
  options.tune_power = true;
  for (const trial::Decision& decision : run(wide(90, 15), options).decisions) {
    const auto* train = std::get_if<trial::Train>(&decision);
    if (!train) continue;
    EXPECT_EQ(train->tune_power, !train->probe);
  }
}

TEST(ToTarget, TheSameCallsGiveTheSameDecisions) {
  const Job job = wide(90, 30);
  ToTarget first = job.strategy(job.options()), second = job.strategy(job.options());
  const Story a = Driver(job, first).run(), b = Driver(job, second).run();
  EXPECT_GT(a.decisions.size(), 5u);
  EXPECT_TRUE(a.decisions == b.decisions);
}

TEST(ToTarget, OnlyBatchSizesMayDiffer) {
  space::Configuration other = of(16);
  other["depth"] = std::int64_t{2};
  EXPECT_TRUE(differ_in_batch_size_alone({of(8), of(16)}));
  EXPECT_FALSE(differ_in_batch_size_alone({of(8)}));
  EXPECT_FALSE(differ_in_batch_size_alone({of(8), other}));
  EXPECT_FALSE(differ_in_batch_size_alone({of(8), of(0)}));
  EXPECT_FALSE(differ_in_batch_size_alone({{{"depth", std::int64_t{2}}}, {{"depth", std::int64_t{2}}}}));
}

// A training of `batch_size` to the target, as an earlier study recorded it.
Experience past(const Job& job, int study, std::int64_t batch_size) {
  Experience experience;
  experience.study = study;
  experience.configuration = of(batch_size);
  for (double unit = 1; unit <= job.shapes.at(batch_size).units; ++unit)
    experience.points.push_back({unit, job.metric(batch_size, unit), job.joules(batch_size, unit)});
  experience.reached = experience.points.back().resource;
  experience.joules = experience.points.back().joules;
  return experience;
}

// Batch size 64 is the best, and its neighbours are dearer; so many studies have trained each.
const Job kKnown{{{16, {2, 20}}, {32, {1.6, 10}}, {64, {1, 10}}, {128, {0.9, 20}}, {256, {0.8, 40}}}};
Options experienced(int best, int smaller, int larger) {
  Options options = kKnown.options();
  int study = 0;
  for (int k = 0; k < best; ++k) options.experience.push_back(past(kKnown, study++, 64));
  for (int k = 0; k < smaller; ++k) options.experience.push_back(past(kKnown, study++, 32));
  for (int k = 0; k < larger; ++k) options.experience.push_back(past(kKnown, study++, 128));
  return options;
}

TEST(ToTargetExperience, BeginsWithTheBestKnownOneWithoutAProbe) {
  for (const Options& options : {experienced(1, 2, 2), experienced(9, 0, 0)}) {
    const Story story = run(kKnown, options);
    EXPECT_EQ(probed(story), Sizes{});
    EXPECT_EQ(trained(story), Sizes{64});
    EXPECT_EQ(story.legs.front().to, 10);
    EXPECT_EQ(story.arrived, 64);
  }
}

TEST(ToTargetExperience, TriesAnUntriedNeighbourTwiceAtMostAndLeavesItWhenItIsDearer) {
  for (const int tries : {0, 1}) {
    const Story larger = run(kKnown, experienced(1, 2, tries));
    EXPECT_EQ(trained(larger), (Sizes{128, 64})) << tries;
    EXPECT_LT(larger.legs.front().to, 10);
    EXPECT_EQ(larger.arrived, 64);
    const Story smaller = run(kKnown, experienced(1, tries, 2));
    EXPECT_EQ(trained(smaller), (Sizes{32, 64})) << tries;
    EXPECT_EQ(smaller.arrived, 64);
  }
}

TEST(ToTargetExperience, ANeighbourThatIsCheaperTrainsToTheTarget) {
  Job job = kKnown;
  job.shapes[128].units = 8;
  const Story story = run(job, experienced(1, 2, 0));
  EXPECT_EQ(trained(story), Sizes{128});
  EXPECT_EQ(story.arrived, 128);
}

TEST(ToTargetExperience, LargerBatchesAreNotTriedWhereTheBestKnownDoesNotFitAnyMore) {
  Job job = kKnown;
  job.shapes[64].in_training = trial::OutOfMemory{};
  const Story story = run(job, experienced(1, 2, 2));
  EXPECT_EQ(story.dropped.size(), 2u);
  EXPECT_EQ(story.dropped.at(256), "not tried: batch size 64 did not fit into memory already");
  EXPECT_TRUE(story.dropped.contains(128));
  ASSERT_TRUE(story.arrived);
  EXPECT_LT(*story.arrived, 64);
}

TEST(ToTargetExperience, ItIsForgottenWhereAUnitUsesOtherJoules) {
  for (const double times : {1.6, 1 / 1.6}) {
    Job job = kKnown;
    for (auto& [batch_size, shape] : job.shapes) shape.sample_joules *= times;
    const Story story = run(job, experienced(1, 2, 2));
    EXPECT_EQ(story.legs.front().batch_size, 64);
    EXPECT_EQ(story.legs.front().to, 2) << "as soon as two evaluations show it";
    ASSERT_FALSE(probed(story).empty()) << times;
    EXPECT_EQ(probed(story).front(), 256);
  }
  for (const double times : {1.4, 1 / 1.4}) {
    Job job = kKnown;
    for (auto& [batch_size, shape] : job.shapes) shape.sample_joules *= times;
    EXPECT_EQ(probed(run(job, experienced(1, 2, 2))), Sizes{}) << times;
  }
}

TEST(ToTargetExperience, ItIsForgottenWhenThreeTrainingsAreOverdue) {
  Job job = kKnown;
  job.shapes[64].units = kNever;
  const Story story = run(job, experienced(4, 2, 2));  // overdue: later than 10 (1 + 1 / sqrt 4)
  ASSERT_GE(story.legs.size(), 4u);
  std::set<trial::TrialId> trials;
  for (std::size_t at = 0; at < 3; ++at) {
    EXPECT_EQ(story.legs[at].batch_size, 64);
    EXPECT_GT(story.legs[at].to, 15);
    EXPECT_LE(story.legs[at].to, 15 * 1.1 + 1) << "at the next look";
    trials.insert(story.legs[at].trial);
  }
  EXPECT_EQ(trials.size(), 3u);
  EXPECT_TRUE(story.legs[3].probe);
  EXPECT_EQ(story.legs[3].batch_size, 256);
  EXPECT_TRUE(story.arrived);
  EXPECT_NE(story.arrived, 64);
}

TEST(ToTargetExperience, OneOverdueTrainingIsStartedAnew) {
  const Job job = kKnown;
  ToTarget strategy = job.strategy(experienced(4, 2, 2));
  const auto train = std::get<trial::Train>(strategy.ask());
  trial::Stretch stretch;
  stretch.outcome = trial::Paused{};
  stretch.reached = 15.5;
  stretch.metric = 0.3;
  stretch.energy = {{"fake", "fake", trial::Quality::kReplayed, base::Joules(15500), {}, {}, {}, ""}};
  EXPECT_EQ(strategy.judge(train.trial, stretch).action, trial::Action::kPause);
  strategy.tell(train.trial, stretch);
  const auto again = std::get<trial::Train>(strategy.ask());
  EXPECT_NE(again.trial, train.trial);
  EXPECT_EQ(again.configuration, train.configuration);
  EXPECT_FALSE(again.probe);
}

TEST(ToTargetExperience, WhereNothingArrivedItProbes) {
  Options options = kKnown.options();
  Experience lost = past(kKnown, 0, 64);
  lost.points.resize(3);
  options.experience = {lost};
  const Sizes probes = probed(run(kKnown, options));
  ASSERT_FALSE(probes.empty());
  EXPECT_EQ(probes.front(), 256);
}

}  // namespace
}  // namespace sm2::strategy
