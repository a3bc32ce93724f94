#include "strategy/sm2_classic.h"

#include <algorithm>
#include <cmath>

#include "strategy/candidates.h"
#include "strategy/table.h"

namespace sm2::strategy {
namespace {

trial::RateBounds narrowed(const trial::RateBounds& bounds, const trial::Stretch& stretch) {
  const auto& stable = stretch.progress.stable_rates;
  if (!stable) return bounds;
  const trial::RateBounds both{std::max(bounds.low, stable->low), std::min(bounds.high, stable->high)};
  return both.low < both.high ? both : bounds;
}

}  // namespace

std::optional<trial::Schedule> first_schedule(const space::Space& space, const Options& options) {
  if (!options.cycle_learning_rate) return {};
  const auto& rate = std::get<space::Real>(space.find(kLearningRate)->domain);
  const auto kind = rate.scale == space::Scale::kLog ? trial::Schedule::Kind::kLogTriangular
                                                     : trial::Schedule::Kind::kTriangular;
  return trial::Schedule{kind, rate.low, rate.high, 0, 1};
}

double middle_rate(const trial::RateBounds& bounds) { return std::sqrt(bounds.low * bounds.high); }

Sm2Classic::Sm2Classic(std::vector<Entry> entries, const space::Space& space, const Options& options,
                       bool by_energy)
    : Halving(std::move(entries), options, by_energy), cycle_(first_schedule(space, options)) {}

std::vector<objective::Score> Sm2Classic::rank(const std::vector<const Entry*>& entries) const {
  std::vector<objective::Candidate> candidates;
  for (const Entry* entry : entries) candidates.push_back(candidate(*entry));
  return objective::rank(candidates, options().weights);
}

std::optional<trial::Schedule> Sm2Classic::schedule(Entry& entry, double from, double until, bool last) {
  if (!cycle_) return {};
  trial::RateBounds& bounds =
      bounds_.try_emplace(entry.trial, trial::RateBounds{cycle_->low, cycle_->high}).first->second;
  if (from > 0) bounds = narrowed(bounds, *entry.last);
  entry.configuration[kLearningRate] = middle_rate(bounds);
  if (!last) return trial::Schedule{cycle_->kind, bounds.low, bounds.high, from, 1};
  return trial::Schedule{trial::Schedule::Kind::kCosine, bounds.low, bounds.high, from, until - from};
}

base::Result<std::unique_ptr<Strategy>> make_sm2_classic(const space::Space& space, const Options& options) {
  if (auto checked = check_cycle(space, options); !checked) return tl::unexpected(checked.error());
  return std::make_unique<Sm2Classic>(fresh_entries(rung_candidates(space, options)), space, options);
}

}  // namespace sm2::strategy
