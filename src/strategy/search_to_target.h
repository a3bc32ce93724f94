// `sm2` with a target where settings differ in learning rate, batch size and whatever else: the least energy until a training
// reaches it. After the first evaluation:
//
// 1. The largest batch is probed, where that costs little of the job: two batch sizes tell what a step costs and what a sample does.
// 2. From then on the setting with the least forecast energy trains (objective/setting_forecast.h), with a margin for the one
//    that is running. Before it goes on, the learning rates next to it are looked at for one evaluation each, where they may
//    be about as good and the look costs little: the running one's own curve does not show that another is faster.
//    What a program uses before it trains is part of the price of every other setting.
// 3. A run that has shown nothing better for long counts as more expensive than its forecast.
//
// It ends when kFullRuns trained to the end in vain, or nothing is left.
#pragma once

#include <optional>
#include <vector>

#include "strategy/setting_search.h"

namespace sm2::strategy {

class SearchToTarget final : public SettingSearch {
 public:
  // As SettingSearch; options.target is set.
  SearchToTarget(std::vector<space::Configuration> settings, const Options& options);

 private:
  std::optional<Choice> choose() override;
  bool parallel() const override {
    return false;
  }  // what trains beside the best one is energy spent for nothing
  trial::Finish finish() const override;
  double shown(const Run& run) const override { return run.best; }

  // Arms.
  std::optional<std::size_t> to_probe(double least) const;
  std::optional<std::size_t> challenger(std::size_t best, const std::vector<double>& costs) const;

  double reluctance(std::size_t run) const;
  double forecast_joules(std::size_t arm);
};

}  // namespace sm2::strategy
