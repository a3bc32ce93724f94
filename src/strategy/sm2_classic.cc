#include "strategy/sm2_classic.h"

#include <algorithm>
#include <cmath>

#include "strategy/candidates.h"
#include "strategy/table.h"

namespace sm2::strategy {
namespace {

std::optional<trial::RateBounds> rate_bounds(const space::Space& space, const Options& options) {
  if (!options.cycle_learning_rate) return {};
  const auto& real = std::get<space::Real>(space.find(kLearningRate)->domain);
  return trial::RateBounds{real.low, real.high};
}

trial::RateBounds narrowed(const trial::RateBounds& bounds, const trial::Stretch& stretch) {
  const auto& stable = stretch.progress.stable_rates;
  if (!stable) return bounds;
  const trial::RateBounds both{std::max(bounds.low, stable->low), std::min(bounds.high, stable->high)};
  return both.low < both.high ? both : bounds;
}

trial::Schedule triangular(const trial::RateBounds& bounds, double from) {
  return {trial::Schedule::Kind::kTriangular, bounds.low, bounds.high, from, 1};
}

}  // namespace

std::optional<trial::Schedule> first_schedule(const space::Space& space, const Options& options) {
  const auto bounds = rate_bounds(space, options);
  if (!bounds) return {};
  return triangular(*bounds, 0);
}

double middle_rate(const trial::RateBounds& bounds) { return std::sqrt(bounds.low * bounds.high); }

Sm2Classic::Sm2Classic(std::vector<Entry> entries, const space::Space& space, const Options& options)
    : Halving(std::move(entries), options), start_(rate_bounds(space, options)) {}

std::vector<objective::Score> Sm2Classic::rank(const std::vector<const Entry*>& entries) const {
  std::vector<objective::Candidate> candidates;
  for (const Entry* entry : entries) candidates.push_back(candidate(*entry));
  return objective::rank(candidates, options().weights);
}

std::optional<trial::Schedule> Sm2Classic::schedule(Entry& entry, double from, double until, bool last) {
  if (!start_) return {};
  trial::RateBounds& bounds = bounds_.try_emplace(entry.trial, *start_).first->second;
  if (from > 0) bounds = narrowed(bounds, *entry.last);
  entry.configuration[kLearningRate] = middle_rate(bounds);
  if (!last) return triangular(bounds, from);
  return trial::Schedule{trial::Schedule::Kind::kCosine, bounds.low, bounds.high, from, until - from};
}

base::Result<std::unique_ptr<Strategy>> make_sm2_classic(const space::Space& space, const Options& options) {
  if (auto checked = check_cycle(space, options); !checked) return tl::unexpected(checked.error());
  return std::make_unique<Sm2Classic>(fresh_entries(rung_candidates(space, options)), space, options);
}

}  // namespace sm2::strategy
