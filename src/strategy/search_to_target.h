// `sm2` with a target where settings differ in learning rate, batch size and whatever else: the least energy until a training
// reaches it. One trial at a time, each from where it was paused.
//
// 1. The middle batch size, with the middle learning rate by the square root rule, trains to its first evaluation.
// 2. The largest batch is probed, where that costs little of the job: two batch sizes tell what a step costs and what a sample does.
// 3. From then on the setting with the least forecast energy trains (objective/setting_forecast.h), with a margin for the one
//    that is running. Before it goes on, the learning rates next to it are looked at for one evaluation each, where they may
//    be about as good and the look costs little: the running one's own curve does not show that another is faster.
//    What a program uses before it trains is part of the price of every other setting.
// 4. A run that has shown nothing better for long counts as more expensive than its forecast. A setting trains once: its
//    neighbours are as good as a second try, and a program that is deterministic would only repeat itself.
//
// It ends when kFullRuns trained to the end in vain, or nothing is left.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "objective/setting_forecast.h"
#include "strategy/strategy.h"

namespace sm2::strategy {

class SearchToTarget final : public Strategy {
 public:
  // `settings` have a learning_rate above 0 and may have a batch_size above 0 (setting_grid.h); there is at least one.
  // options.target is set.
  SearchToTarget(std::vector<space::Configuration> settings, const Options& options);

  trial::Decision ask() override;
  void tell(trial::TrialId trial, const trial::Stretch& stretch) override;
  Verdict judge(trial::TrialId trial, const trial::Stretch& so_far) override;

 private:
  struct Arm {  // a setting
    space::Configuration configuration;
    std::size_t size = 0;  // in sizes_
    std::optional<std::size_t> run = {};
    bool out = false;
  };
  struct Size {  // a batch size
    double batch_size = 1;
    bool probed = false;
    std::optional<double> sample_joules;
  };
  struct Run {  // a trial
    std::size_t arm = 0;
    double reached = 0, joules = 0;
    std::vector<double> seen;  // metrics of its evaluations
    double best = 0;           // of them
    double best_at = 0;        // resource, likewise the next two
    double seen_at = 0;
    double observed_at = 0;
    double seen_joules = 0;
    double steady_joules = 0, steady_units = 0;  // between evaluations, without starts
    bool failed = false;                         // it cannot win
    double unit_joules() const { return steady_joules / steady_units; }
  };
  struct Choice {
    std::size_t arm = 0;
    bool probe = false;
    bool operator==(const Choice&) const = default;
  };
  // What to train next; nothing when there is nothing.
  std::optional<Choice> choose();
  // Arms, likewise.
  std::optional<std::size_t> first_choice() const;
  std::optional<std::size_t> to_probe(double least) const;
  std::optional<std::size_t> challenger(std::size_t best, const std::vector<double>& costs) const;
  std::vector<std::size_t> neighbours(std::size_t of) const;
  std::optional<std::size_t> middle_rate_of(std::size_t size) const;
  std::optional<std::size_t> largest() const;  // batch size

  trial::Train probe(std::size_t arm);
  trial::Train train(std::size_t arm);
  trial::Finish finish() const;
  void take(Run& run, const trial::Stretch& stretch, bool evaluated);
  void observe(Run& run, double metric);
  void fail(const Run& run, const trial::Outcome& outcome);

  double start_joules() const;
  double reluctance(std::size_t run) const;
  double forecast_joules(std::size_t arm);
  double sample_joules(std::size_t size) const;
  double unit_joules(std::size_t arm) const;

  Options options_;
  std::vector<Arm> arms_;
  std::vector<Size> sizes_;                                    // smallest first
  std::vector<objective::SettingForecast::Setting> settings_;  // by arm
  std::vector<Run> runs_;                                      // by trial
  std::unique_ptr<objective::SettingForecast> forecast_;       // from the first evaluation on
  double interval_ = 1;                                        // resource of the first evaluation
  std::optional<bool>
      by_time_;  // no energy is known: seconds take the place of joules; known from the first stretch on
  double start_joules_ = 0;  // that programs used before they trained, summed over
  int starts_ = 0;           // first stretches
  std::optional<std::size_t> running_;
  bool probing_ = false;  // the running one
  double begun_ = 0;      // resource of the running one at which it was started or resumed
  double look_ = 0;       // likewise, at which the choice is made anew
  double watts_ = 0;      // of what trained last
  int full_ = 0;          // runs that trained to the end in vain
};

}  // namespace sm2::strategy
