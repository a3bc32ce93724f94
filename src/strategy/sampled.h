// options.candidates configurations, 16 unless told otherwise, as a sampler suggests them, each trained to
// the end; the best metric wins, of equal ones the earlier trial. Parallel: any number may run, and the
// sampler knows which. With options.pruner "median" a trial is stopped when the median rule says so
// (strategy/median.h); a stopped one cannot win, and the sampler is told what it reached, and where.
#pragma once

#include "strategy/median.h"
#include "strategy/proposals.h"
#include "strategy/strategy.h"

namespace sm2::strategy {

class Sampled final : public Strategy {
 public:
  Sampled(const space::Space& space, std::unique_ptr<sampler::Sampler> sampler, const Options& options);

  trial::Decision ask() override;
  void tell(trial::TrialId trial, const trial::Stretch& stretch) override;
  Verdict judge(trial::TrialId trial, const trial::Stretch& so_far) override;

  // How many trials it trains, each to the end; nothing where a pruner may stop some.
  std::optional<std::size_t> trainings() const { return median_ ? std::nullopt : std::optional(wanted_); }

 private:
  Proposals proposals_;
  double until_;
  std::size_t wanted_;
  std::optional<MedianStopping> median_;
  std::map<trial::TrialId, double> best_seen_;  // of running trials, where there is a pruner
  std::size_t asked_ = 0;
  std::size_t told_ = 0;
  std::optional<trial::TrialId> best_;
  double best_metric_ = 0;
};

// Fails when there is no such pruner.
base::Result<> check_sampled(const Options& options);

}  // namespace sm2::strategy
