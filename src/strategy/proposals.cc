#include "strategy/proposals.h"

#include <cmath>

namespace sm2::strategy {
namespace {

constexpr int kTries = 20;  // of a sampler that repeats itself

}  // namespace

Proposals::Proposals(const space::Space& space, std::unique_ptr<sampler::Sampler> sampler)
    : sampler_(std::move(sampler)) {
  if (const auto all = space.cardinality(); all && *all <= kListed) listed_ = *space.grid(*all, *all);
}

std::optional<std::size_t> Proposals::limit() const {
  return listed_ ? std::optional(listed_->size()) : std::nullopt;
}

space::Configuration Proposals::next(trial::TrialId trial) {
  if (!listed_) return sampler_->suggest(trial);
  for (int tries = 0; tries < kTries; ++tries) {
    space::Configuration suggested = sampler_->suggest(next_id_++);
    const auto [before, taken] = taken_.try_emplace(suggested, trial);
    if (!taken) {
      if (const auto& known = told_[static_cast<std::size_t>(before->second)])
        sampler_->tell(next_id_ - 1, *known);
      continue;
    }
    ids_.emplace_back(next_id_ - 1);
    told_.emplace_back();
    return suggested;
  }
  while (!taken_.try_emplace((*listed_)[passed_], trial).second) ++passed_;
  ids_.emplace_back();
  told_.emplace_back();
  return (*listed_)[passed_];
}

void Proposals::tell(trial::TrialId trial, std::optional<double> metric, double resource) {
  const std::optional<int> id = listed_ ? ids_[static_cast<std::size_t>(trial)] : trial;
  if (listed_) told_[static_cast<std::size_t>(trial)] = {metric, resource};
  if (id) sampler_->tell(*id, {metric, resource});
}

void recall(sampler::Sampler& sampler, const space::Space& space, const std::vector<Experience>& experience) {
  for (const Experience& past : experience) {
    if (!space.contains(past.configuration)) continue;
    std::vector<sampler::Observation> observations;
    for (const Experience::Point& point : past.points) observations.push_back({point.metric, point.resource});
    if (past.failed) observations.push_back({{}, past.reached});
    if (!observations.empty()) sampler.recall(past.configuration, observations);
  }
}

std::optional<double> comparable_metric(const trial::Stretch& stretch) {
  if (!trial::usable(stretch.outcome) || !stretch.metric || !std::isfinite(*stretch.metric)) return {};
  return stretch.metric;
}

std::optional<double> ranked_metric(const trial::Stretch& stretch) {
  if (trial::usable(stretch.outcome) && !stretch.metric) return kSilent;
  return comparable_metric(stretch);
}

base::Result<> check_sampled_rate(std::string_view strategy, const Options& options) {
  if (!options.cycle_learning_rate) return {};
  return base::fail(
      "{} samples the learning rate and does not cycle it: set strategy.learning_rate = \"sample\", or use "
      "sm2 or sm2-classic",
      strategy);
}

}  // namespace sm2::strategy
