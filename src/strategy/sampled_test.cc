#include "strategy/sampled.h"

#include <gtest/gtest.h>

#include <set>

namespace sm2::strategy {
namespace {

using trial::TrialId;

space::Space line() { return *space::Space::make({{"x", space::Real{0, 1, {}, space::Scale::kLinear}, {}}}); }

space::Space batch_sizes(std::int64_t count) {
  return *space::Space::make({{"batch_size", space::Integer{1, count, 1, space::Scale::kLinear}, {}}});
}

// Suggests x = 0, 0.01, ... and writes down what it is told.
class Recorder final : public sampler::Sampler {
 public:
  struct Told {
    int id;
    std::optional<double> value;
    double resource;
    bool operator==(const Told&) const = default;
  };

  explicit Recorder(std::vector<Told>& told) : told_(&told) {}
  space::Configuration suggest(int id) override { return {{"x", 0.01 * id}}; }
  void tell(int id, const sampler::Observation& observation) override {
    told_->push_back({id, observation.value, observation.resource});
  }

 private:
  std::vector<Told>* told_;
};

trial::Stretch ended(trial::Outcome outcome, double reached, std::optional<double> metric) {
  trial::Stretch stretch;
  stretch.outcome = std::move(outcome);
  stretch.reached = reached;
  stretch.metric = metric;
  return stretch;
}

Options of(int candidates, double until = 10) {
  Options options;
  options.candidates = candidates;
  options.resource_max = until;
  return options;
}

TEST(Sampled, TrainsEverySuggestionToTheEndAndTheEarlierOfTheBestWins) {
  std::vector<Recorder::Told> told;
  Sampled sampled(line(), std::make_unique<Recorder>(told), of(4));
  for (TrialId trial = 0; trial < 4; ++trial) {
    const trial::Train expected{trial, {{"x", 0.01 * trial}}, 0, 10, {}, {}};
    EXPECT_EQ(sampled.ask(), trial::Decision(expected));
  }
  EXPECT_EQ(sampled.ask(), trial::Decision(trial::Wait{}));
  sampled.tell(3, ended(trial::Completed{}, 10, 0.7));
  sampled.tell(1, ended(trial::Completed{}, 10, 0.7));
  sampled.tell(0, ended(trial::Completed{}, 10, 0.5));
  EXPECT_EQ(sampled.ask(), trial::Decision(trial::Wait{}));
  sampled.tell(2, ended(trial::Failed{1, ""}, 3, 0.9));
  EXPECT_EQ(std::get<trial::Finish>(sampled.ask()).winner, 1);
  EXPECT_EQ(told, (std::vector<Recorder::Told>{{3, 0.7, 10}, {1, 0.7, 10}, {0, 0.5, 10}, {2, {}, 10}}));
}

TEST(Sampled, WithoutAnyUsableTrialThereIsNoWinner) {
  std::vector<Recorder::Told> told;
  Sampled sampled(line(), std::make_unique<Recorder>(told), of(1));
  sampled.ask();
  sampled.tell(0, ended(trial::OutOfMemory{""}, 0, {}));
  EXPECT_EQ(std::get<trial::Finish>(sampled.ask()).winner, std::nullopt);
}

TEST(Sampled, TheMedianRuleStopsTheWorseHalfAndTheSamplerLearnsWhere) {
  std::vector<Recorder::Told> told;
  Options options = of(8);
  options.pruner = "median";
  Sampled sampled(line(), std::make_unique<Recorder>(told), options);
  for (TrialId trial = 0; trial < 8; ++trial) sampled.ask();
  for (TrialId trial = 0; trial < 7; ++trial) {
    const Verdict verdict = sampled.judge(trial, ended({}, 2, 0.5 + 0.05 * trial));
    EXPECT_EQ(verdict.action, trial::Action::kContinue) << verdict.reason;
    sampled.tell(trial, ended(trial::Completed{}, 10, 0.8));
  }
  const Verdict verdict = sampled.judge(7, ended({}, 2, 0.4));
  EXPECT_EQ(verdict.action, trial::Action::kStop);
  EXPECT_FALSE(verdict.reason.empty());
  sampled.tell(7, ended(trial::Stopped{verdict.reason}, 2, 0.99));
  EXPECT_EQ(told.back(), (Recorder::Told{7, 0.99, 2}));
  EXPECT_EQ(std::get<trial::Finish>(sampled.ask()).winner, 0);  // a stopped trial cannot win
}

TEST(Sampled, WithoutAPrunerNothingIsStopped) {
  std::vector<Recorder::Told> told;
  Sampled sampled(line(), std::make_unique<Recorder>(told), of(20));
  for (TrialId trial = 0; trial < 20; ++trial) {
    sampled.ask();
    EXPECT_EQ(sampled.judge(trial, ended({}, 2, 1.0 - trial)).action, trial::Action::kContinue);
  }
}

TEST(Sampled, AFiniteSpaceIsTrainedOnceAndNoMore) {
  const auto strategy = *make("random", batch_sizes(5), of(100));
  std::set<space::Configuration> seen;
  for (trial::Decision decision = strategy->ask(); std::holds_alternative<trial::Train>(decision);
       decision = strategy->ask()) {
    const auto& train = std::get<trial::Train>(decision);
    EXPECT_TRUE(seen.insert(train.configuration).second);
    strategy->tell(train.trial, ended(trial::Completed{}, 10, 0.5));
  }
  EXPECT_EQ(seen.size(), 5u);
}

TEST(Sampled, SaysWhatItCannotDo) {
  Options options;
  options.pruner = "medium";
  EXPECT_EQ(make("random", line(), options).error().message,
            "there is no pruner 'medium'; this version has none, median");
  options = {};
  options.cycle_learning_rate = true;
  EXPECT_FALSE(make("random", line(), options));
}

}  // namespace
}  // namespace sm2::strategy
