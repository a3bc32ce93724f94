#include "strategy/setting_grid.h"

#include <algorithm>
#include <set>

#include "strategy/candidates.h"

namespace sm2::strategy {
namespace {

constexpr std::size_t kMost = 400, kBatchSizes = 10, kRates = 16, kFewestSamples = 2;

std::vector<space::Value> values_of(const space::Parameter* parameter, std::size_t most) {
  if (!parameter) return {};
  const auto all = space::cardinality(parameter->domain);
  return space::grid(parameter->domain, all ? std::min<std::size_t>(*all, most) : most);
}

// Each sample of the space with every batch size and rate in place of its own.
std::vector<space::Configuration> products(const space::Space& space, std::uint64_t seed) {
  const auto rates = values_of(space.find(kLearningRate), kRates);
  const auto sizes = values_of(space.find(kBatchSize), kBatchSizes);
  const std::size_t each = rates.size() * std::max<std::size_t>(1, sizes.size());
  const bool others = space.parameters().size() > (sizes.empty() ? 1u : 2u);
  const std::size_t samples = others ? std::max(kFewestSamples, kMost / each) : 1;
  base::Random random(seed);
  std::vector<space::Configuration> found;
  std::set<space::Configuration> seen;
  const auto offer = [&](const space::Configuration& setting) {
    if (space.contains(setting) && seen.insert(setting).second) found.push_back(setting);
  };
  for (std::size_t sample = 0; sample < samples; ++sample) {
    space::Configuration setting = space.sample(random);
    for (const space::Value& rate : rates) {
      setting[kLearningRate] = rate;
      if (sizes.empty()) offer(setting);
      for (const space::Value& size : sizes) {
        setting[kBatchSize] = size;
        offer(setting);
      }
    }
  }
  return found;
}

bool can_be_forecast(const space::Configuration& setting) {
  const auto rate = setting.find(kLearningRate);
  if (rate == setting.end() || !space::is_number(rate->second) || !(space::as_number(rate->second) > 0))
    return false;
  return !setting.contains(kBatchSize) || batch_size(setting).value_or(0) > 0;
}

}  // namespace

std::vector<space::Configuration> setting_grid(const space::Space& space, const Options& options) {
  if (!space.find(kLearningRate)) return {};
  std::vector<space::Configuration> settings;
  const auto all = space.cardinality();
  if (options.candidates) {
    settings = draw_candidates(space, *options.candidates, options.seed);
  } else if (all && *all <= kMost) {
    settings = *space.grid(*all, *all);
  } else {
    settings = products(space, options.seed);
  }
  return std::ranges::all_of(settings, can_be_forecast) ? settings : std::vector<space::Configuration>{};
}

}  // namespace sm2::strategy
