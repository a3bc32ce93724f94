// Every configuration of a list is trained to the end; the best metric wins. What random and grid search
// share.
#pragma once

#include "strategy/strategy.h"

namespace sm2::strategy {

class FullTraining final : public Strategy {
 public:
  FullTraining(std::vector<space::Configuration> configurations, double until);

  trial::Decision ask() override;
  void tell(trial::TrialId trial, const trial::Stretch& stretch) override;

 private:
  std::vector<space::Configuration> configurations_;
  double until_;
  std::size_t asked_ = 0;
  std::size_t told_ = 0;
  std::optional<trial::TrialId> best_;
  double best_metric_ = 0;
};

}  // namespace sm2::strategy
