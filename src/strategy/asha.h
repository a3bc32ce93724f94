// `asha`: asynchronous successive halving (Li et al. 2020, arXiv 1810.05934, Algorithm 2), with pause and
// promote. Rung k trains to resource_min eta^k, the last to resource_max. A worker that asks gets, from the
// highest rung down, the best trial among the top floor(n / eta) of the n that finished a rung and that was
// not promoted yet, to go on from its checkpoint; else a new configuration from the sampler, until
// options.candidates (64) were started. Nobody waits for a rung to fill. Of equal metrics the earlier trial's
// is better; trials that fail or diverge take part in no rung.
//
// Where the paper's study has no end: when nothing is left to do and nobody has come to resource_max, the
// best of the highest rung trains on to it, so that there is a winner that was trained to the end. The winner
// is the best of the highest rung. Ask and tell take O(log trials) and O(rungs), and a trial some tens of
// bytes; nothing is dropped explicitly.
#pragma once

#include <memory>

#include "sampler/sampler.h"
#include "strategy/packed.h"
#include "strategy/proposals.h"
#include "strategy/strategy.h"
#include "strategy/top_share.h"

namespace sm2::strategy {

inline constexpr int kAshaCandidates = 64;

// resource_min eta^k below resource_max, then resource_max.
std::vector<double> rung_resources(const Options& options);

class Asha final : public Strategy {
 public:
  Asha(const space::Space& space, std::unique_ptr<sampler::Sampler> sampler, const Options& options);

  trial::Decision ask() override;
  void tell(trial::TrialId trial, const trial::Stretch& stretch) override;

 private:
  struct Rung {
    double until = 0;
    TopShare top;
    std::vector<Ranked> waiting;  // not promoted; best in front
  };

  trial::Train start();
  trial::Train promote(std::size_t from, std::size_t to);
  std::optional<std::size_t> highest_waiting() const;

  Proposals proposals_;
  std::size_t most_;  // trials
  std::vector<Rung> rungs_;
  Packed configurations_;     // by trial
  std::vector<int> rung_of_;  // likewise: that it trains to, or paused at
  std::size_t running_ = 0;
  bool last_call_ = false;  // the best was sent on to the end although its rung's share did not allow it
};

}  // namespace sm2::strategy
