// An analytic job of settings of batch size and learning rate, and what drives a strategy through it.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "strategy/strategy.h"

namespace sm2::testing {

inline constexpr double kSamples = 1000;  // in a unit of resource

// An analytic job: batch sizes, and learning rates a factor of about three apart.
struct Job {
  std::vector<std::int64_t> sizes = {16, 64, 256};
  double resource_max = 20;
  double best_rate = 0.03;           // of batch size 64; it rises with the batch
  double end = 1.02;                 // progress of the best rate, far out; below 1 never arrives
  std::optional<std::int64_t> fits;  // the largest that fits into memory
  double start = 0;                  // joules that a program needs before it trains
  bool reports_energy = true, reports_steps = true;
  bool minimized = false;
  double overfits_after = 1e9;  // units, from where the metric gets worse

  double target() const { return minimized ? -1 : 0.9; }
  std::vector<space::Configuration> settings() const {
    std::vector<space::Configuration> all;
    for (const std::int64_t size : sizes) {
      for (int at = 0; at < 8; ++at)
        all.push_back({{"batch_size", size}, {"learning_rate", 1e-4 * std::pow(10, at / 2.0)}});
    }
    return all;
  }
  // In octaves, how far above the best it is.
  double off(const space::Configuration& setting) const {
    return std::log2(rate(setting) / best_rate) - 0.7 * std::log2(size(setting) / 64);
  }
  bool diverges(const space::Configuration& setting) const { return off(setting) > 2.5; }
  double metric(const space::Configuration& setting, double units) const {
    const double pace = std::exp2(-0.8 * std::abs(off(setting))), crowd = 1 + size(setting) / 256;
    const double asymptote = end - 0.01 * std::abs(off(setting));
    const double progress = asymptote * (1 - std::pow(1 + units * pace / crowd / 0.8, -1.5)) -
                            0.02 * std::max(0.0, units - overfits_after);
    return minimized ? -4 + 3 * progress : 0.9 * progress;
  }
  double joules(const space::Configuration& setting, double units) const {
    return (units > 0 ? start : 0) + units * kSamples * (1 + 40 / size(setting));
  }
  static double size(const space::Configuration& setting) {
    return space::as_number(setting.at("batch_size"));
  }
  static double rate(const space::Configuration& setting) {
    return space::as_number(setting.at("learning_rate"));
  }
};

struct Story {
  std::vector<trial::Train> trains;
  std::vector<double> reached;  // by trial
  std::optional<trial::Finish> finish;
  std::optional<space::Configuration> arrived;
  double joules = 0;
};

// Trains for a search among settings as a study would, until it finishes or the target, if there is one, is reached.
template <typename Search>
class Driver {
 public:
  explicit Driver(const Job& job, strategy::Options options = {})
      : job_(job), targeted_(options.target), strategy_(job.settings(), with(options)) {}

  Story run() {
    for (int turn = 0; turn < 500; ++turn) {
      const trial::Decision decision = strategy_.ask();
      if (const auto* finish = std::get_if<trial::Finish>(&decision)) story_.finish = *finish;
      if (const auto* train = std::get_if<trial::Train>(&decision)) go(*train);
      if (story_.finish || story_.arrived) return story_;
    }
    ADD_FAILURE() << "does not end";
    return story_;
  }

 private:
  strategy::Options with(strategy::Options options) const {
    options.minimized = job_.minimized;
    options.resource_max = job_.resource_max;
    options.seed = 3;
    return options;
  }

  void go(const trial::Train& train) {
    EXPECT_TRUE(!targeted_ || std::holds_alternative<trial::Wait>(strategy_.ask())) << "one trial at a time";
    story_.trains.push_back(train);
    const auto at = static_cast<std::size_t>(train.trial);
    if (at >= story_.reached.size()) story_.reached.resize(at + 1);
    const double before = story_.reached[at];
    const trial::Stretch told = stretch_of(train, story_.reached[at]);
    story_.joules += job_.joules(train.configuration, story_.reached[at] - before);
    if (!story_.arrived) strategy_.tell(train.trial, told);
  }

  trial::Stretch stretch_of(const trial::Train& train, double& reached) {
    const space::Configuration& setting = train.configuration;
    if (job_.fits && Job::size(setting) > static_cast<double>(*job_.fits))
      return showing(setting, reached, trial::OutOfMemory{"x"}, {});
    if (train.probe && job_.reports_steps) {
      reached += 0.05;
      return showing(setting, reached, trial::Paused{}, {});
    }
    while (true) {
      reached = std::floor(reached) + 1;
      if (job_.diverges(setting)) return showing(setting, reached, trial::Diverged{"x"}, {});
      const double metric = job_.metric(setting, reached);
      if (targeted_ && metric >= job_.target()) {
        story_.arrived = setting;
        return {};
      }
      if (reached >= train.until) return showing(setting, reached, trial::Completed{}, metric);
      const trial::Stretch so_far = showing(setting, reached, trial::Paused{}, metric);
      if (strategy_.judge(train.trial, so_far).action == trial::Action::kPause) return so_far;
    }
  }

  trial::Stretch showing(const space::Configuration& setting, double reached, const trial::Outcome& outcome,
                         std::optional<double> metric) const {
    trial::Stretch told;
    told.outcome = outcome;
    told.reached = reached;
    told.metric = metric;
    told.seconds = base::Seconds(job_.joules(setting, reached) / 10);
    if (job_.reports_energy)
      told.energy = {{"fake",
                      "fake",
                      trial::Quality::kReplayed,
                      base::Joules(job_.joules(setting, reached)),
                      {},
                      {},
                      {},
                      ""}};
    if (!job_.reports_steps) return told;
    if (job_.reports_energy)
      told.progress.joules_per_sample = (job_.joules(setting, 1) - job_.start) / kSamples;
    told.progress.samples = reached * kSamples;
    told.progress.seconds_per_sample = job_.joules(setting, 1) / kSamples / 10;
    return told;
  }

  const Job& job_;
  bool targeted_;
  Search strategy_;
  Story story_;
};

}  // namespace sm2::testing
