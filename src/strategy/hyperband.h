// `hyperband` (Li et al. 2018, arXiv 1603.06560, Algorithm 1): successive halving in brackets s = s_max, ...,
// 0 that trade the number of configurations against the resource each begins with,
//
//   s_max = floor(log_eta(resource_max / resource_min))
//   n     = ceil(floor((s_max + 1) / (s + 1)) eta^s)        n_i = floor(n eta^-i)
//   r_i   = resource_min eta^(s_max - s + i), the last resource_max
//
// n is as in the paper's Table 1, which rounds (s_max + 1) / (s + 1) down before it multiplies. r is counted
// from the bottom, so that rungs are whole units; it is the paper's R eta^(i - s) where resource_max is
// resource_min times a power of eta. A bracket's rung is complete before its best go on, each from its
// checkpoint; idle workers begin the next bracket meanwhile, so several may be under way. A configuration is
// asked of the sampler when a worker is there for it.
//
// Without options.candidates there is one round of brackets; with it, brackets are begun, round after round,
// until so many configurations were started. Of equal metrics the earlier trial's is better. Trials that fail
// leave their bracket. The winner is the best of those that came to resource_max.
#pragma once

#include <deque>
#include <map>
#include <memory>

#include "sampler/sampler.h"
#include "strategy/proposals.h"
#include "strategy/strategy.h"

namespace sm2::strategy {

struct BracketRung {
  std::size_t candidates = 0;
  double until = 0;
  bool operator==(const BracketRung&) const = default;
};

// The brackets of one round, in their order. Of a range so wide that n would be more than trials have numbers for, n is that.
std::vector<std::vector<BracketRung>> hyperband_brackets(double resource_min, double resource_max,
                                                         double eta);

class Hyperband final : public Strategy {
 public:
  Hyperband(const space::Space& space, std::unique_ptr<sampler::Sampler> sampler, const Options& options);

  trial::Decision ask() override;
  void tell(trial::TrialId trial, const trial::Stretch& stretch) override;

 private:
  struct Contender {
    trial::TrialId trial = 0;
    space::Configuration configuration;
    double metric = 0;  // of its last rung
  };
  struct Bracket {
    std::size_t number = 0;  // counted over all rounds
    std::vector<BracketRung> rungs;
    std::size_t rung = 0;
    std::size_t to_start = 0;        // configurations, in its first rung
    std::deque<Contender> to_train;  // in later ones
    std::size_t running = 0;
    std::vector<Contender> done;  // in this rung
  };
  struct Running {
    std::size_t bracket = 0;
    Contender contender;
  };

  bool open_bracket();
  std::optional<trial::Train> next_of(Bracket& bracket);
  void end_rung(Bracket& bracket);

  Proposals proposals_;
  Options options_;
  std::vector<std::vector<BracketRung>> round_;
  std::size_t most_;  // trials
  trial::TrialId started_ = 0;
  std::size_t promised_ = 0;                 // trials of the brackets that were opened
  std::map<std::size_t, Bracket> brackets_;  // under way, by number
  std::size_t opened_ = 0;
  std::map<trial::TrialId, Running> running_;
  std::deque<trial::Drop> drops_;
  std::optional<Contender> best_;  // at resource_max
};

}  // namespace sm2::strategy
