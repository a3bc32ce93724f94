// Configurations for a strategy that starts trials one by one: from a sampler, and none twice where the space
// is finite and no larger than kListed; once a sampler only repeats itself there, the next in the order of
// the grid. Owns the sampler. A suggestion that is turned down is told what the same configuration came to, where that is
// known; else it stays pending with the sampler, so that it looks elsewhere.
#pragma once

#include <limits>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "sampler/sampler.h"
#include "strategy/strategy.h"

namespace sm2::strategy {

class Proposals {
 public:
  static constexpr std::uint64_t kListed = 4096;

  Proposals(const space::Space& space, std::unique_ptr<sampler::Sampler> sampler);

  // How many there are; nothing when that is not limited.
  std::optional<std::size_t> limit() const;

  // The configuration of `trial`: asked for 0, 1, 2, ... in order, and below the limit.
  space::Configuration next(trial::TrialId trial);

  // What a trial came to at a resource: its metric, or nothing when it failed.
  void tell(trial::TrialId trial, std::optional<double> metric, double resource);

 private:
  std::unique_ptr<sampler::Sampler> sampler_;
  std::optional<std::vector<space::Configuration>> listed_;  // the whole space, when it is small
  std::size_t passed_ = 0;                                   // of `listed_`, known to be taken
  std::unordered_map<space::Configuration, trial::TrialId, space::ConfigurationHash> taken_;
  std::vector<std::optional<sampler::Observation>> told_;  // by trial; kept only beside `listed_`
  std::vector<std::optional<int>> ids_;  // the sampler's, by trial; kept only beside `listed_`
  int next_id_ = 0;
};

// Tells a new sampler what earlier trials came to, of those that are in the space.
void recall(sampler::Sampler& sampler, const space::Space& space, const std::vector<Experience>& experience);

// The metric of a stretch that can be compared with others: of a usable outcome, and finite.
std::optional<double> comparable_metric(const trial::Stretch& stretch);

// What a stretch is ranked by among others of its rung: the comparable metric; kSilent, behind all others, of a usable one
// that has not reported any yet; nothing of others.
inline constexpr double kSilent = std::numeric_limits<double>::lowest();
std::optional<double> ranked_metric(const trial::Stretch& stretch);

// Fails when options.cycle_learning_rate is set: `strategy` samples every parameter.
base::Result<> check_sampled_rate(std::string_view strategy, const Options& options);

}  // namespace sm2::strategy
