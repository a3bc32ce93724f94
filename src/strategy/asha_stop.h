// `asha-stop`: asynchronous successive halving by stopping (the variant of Ray Tune and Syne Tune; rungs as
// Li et al. 2020, arXiv 1810.05934). A trial trains on in place towards resource_max. Where it passes a rung,
// resource_min eta^k, its metric joins those of all that passed it before, and it stops unless it is among
// the best max(1, floor(n / eta)) of these n. So the first to come always goes on, and no checkpoint is
// needed: the variant for programs that cannot resume. The number of configurations is options.candidates
// (64). Of equal metrics the earlier trial's is better. The winner is the best of those that passed the most
// rungs. judge() and tell() take O(log trials).
#pragma once

#include <memory>

#include "sampler/sampler.h"
#include "strategy/proposals.h"
#include "strategy/strategy.h"
#include "strategy/top_share.h"

namespace sm2::strategy {

class AshaStop final : public Strategy {
 public:
  AshaStop(const space::Space& space, std::unique_ptr<sampler::Sampler> sampler, const Options& options);

  trial::Decision ask() override;
  void tell(trial::TrialId trial, const trial::Stretch& stretch) override;
  Verdict judge(trial::TrialId trial, const trial::Stretch& so_far) override;

 private:
  struct Rung {
    double resource = 0;
    TopShare top;
  };
  struct Best {
    std::size_t passed = 0;  // rungs
    Ranked ranked;
  };

  // Enters the rungs up to `reached` that the trial had not passed; why it is to stop, if it is.
  std::optional<std::string> pass(const Ranked& ranked, double reached);

  Proposals proposals_;
  Options options_;
  std::size_t most_;  // trials
  std::vector<Rung> rungs_;
  std::vector<std::size_t> passed_;  // rungs, by trial
  std::size_t running_ = 0;
  std::optional<Best> best_;  // of the trials that ended well
};

}  // namespace sm2::strategy
