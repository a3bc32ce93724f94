// A search among settings of learning rate, batch size and whatever else, by a forecast that all their runs share
// (objective/setting_forecast.h). Each trial trains on from where it was paused. What the search looks for is its heirs': they choose
// the setting that trains next, and whether a running one goes on, which is asked at its evaluations.
//
// The first is the middle batch size, with the middle learning rate by the square root rule; it trains to its first evaluation.
// What a sample costs goes by batch size, what a program uses before it trains is a price of its own, and both are learnt from all
// runs. A setting trains in one trial: its neighbours are as good as a second try, and a program that is deterministic would
// only repeat itself. Where a setting does not fit into memory, those that need no less (memory_need.h) are not tried.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "objective/setting_forecast.h"
#include "strategy/strategy.h"

namespace sm2::strategy {

class SettingSearch : public Strategy {
 public:
  trial::Decision ask() final;
  void tell(trial::TrialId trial, const trial::Stretch& stretch) final;
  Verdict judge(trial::TrialId trial, const trial::Stretch& so_far) final;

 protected:
  // `settings` have a learning_rate above 0 and may have a batch_size above 0 (setting_grid.h); there is at least one.
  SettingSearch(std::vector<space::Configuration> settings, const Options& options);

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
    bool running = false, probing = false;
    double begun = 0;  // resource at which it was started or resumed
    double look = 0;   // likewise, at which the choice is made anew
    double unit_joules() const { return steady_joules / steady_units; }
  };
  struct Choice {
    std::size_t arm = 0;
    bool probe = false;
    bool operator==(const Choice&) const = default;
  };
  // What to train next, once there is a forecast, or instead of the run that is asked about; nothing when the search is over.
  virtual std::optional<Choice> choose() = 0;
  virtual bool parallel() const = 0;  // several trials may train at a time
  virtual trial::Finish finish() const = 0;
  // The metric of a run that the forecast is told: its last one, or its best.
  virtual double shown(const Run& run) const = 0;

  // Arms: the next learning rates, at least an octave off on either side, with all else the same.
  std::vector<std::size_t> neighbours(std::size_t of) const;
  std::optional<std::size_t> middle_rate_of(std::size_t size) const;
  std::optional<std::size_t> largest() const;  // batch size

  // In joules, or in seconds where no energy is known: before a program trains, on average; of a unit of resource; of a new
  // run's first evaluation.
  double start_joules() const;
  double unit_joules(std::size_t arm) const;
  double look_joules(std::size_t arm) const;

  bool looked_at(std::size_t arm) const;  // it has shown a metric
  bool goes_on(std::size_t arm) const { return asked_ && arms_[arm].run == asked_; }
  // It cannot be chosen: it is out, or trains and is not the one that is asked about.
  bool taken(std::size_t arm) const;
  // The metric as users write it.
  double written(double metric) const { return options_.minimized ? -metric : metric; }

  Options options_;
  std::vector<Arm> arms_;
  std::vector<Size> sizes_;                                    // smallest first
  std::vector<objective::SettingForecast::Setting> settings_;  // by arm
  std::vector<Run> runs_;                                      // by trial
  std::unique_ptr<objective::SettingForecast> forecast_;       // from the first evaluation on
  double interval_ = 1;                                        // resource of the first evaluation
  double watts_ = 0;                                           // of what trained last
  int full_ = 0;                                               // runs that trained to the end

 private:
  std::optional<Choice> next();
  std::optional<std::size_t> first_choice() const;  // arm
  trial::Train probe(std::size_t arm);
  trial::Train train(std::size_t arm);
  void take(Run& run, const trial::Stretch& stretch, bool evaluated);
  void observe(Run& run, double metric);
  void fail(const Run& run, const trial::Outcome& outcome);
  double sample_joules(std::size_t size) const;

  // No energy is known: seconds take the place of joules; known from the first stretch on.
  std::optional<bool> by_time_;
  double start_joules_ = 0;           // that programs used before they trained, summed over
  int starts_ = 0;                    // first stretches
  std::optional<std::size_t> asked_;  // the run that is at an evaluation
};

}  // namespace sm2::strategy
