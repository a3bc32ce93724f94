#include "strategy/candidates.h"

#include <algorithm>
#include <unordered_set>

namespace sm2::strategy {
namespace {

constexpr int kDefaultCandidates = 16;
constexpr int kTriesPerCandidate = 50;

// The values batch_size takes turns with; none where it does not exist, has a condition, or has more values
// than turns.
std::vector<space::Value> batch_sizes(const space::Space& space, int count) {
  const space::Parameter* parameter = space.find(kBatchSize);
  if (!parameter || parameter->condition) return {};
  const auto values = space::cardinality(parameter->domain);
  if (!values || *values > static_cast<std::uint64_t>(count)) return {};
  return space::grid(parameter->domain, *values);
}

}  // namespace

std::optional<double> batch_size(const space::Configuration& configuration) {
  const auto found = configuration.find(kBatchSize);
  if (found == configuration.end() || !space::is_number(found->second)) return {};
  return space::as_number(found->second);
}

std::vector<space::Configuration> draw_candidates(const space::Space& space, int count, std::uint64_t seed) {
  const auto wanted = static_cast<std::size_t>(count);
  if (const auto all = space.cardinality(); all && *all <= wanted) return *space.grid(*all, *all);
  base::Random random(seed);
  const std::vector<space::Value> turns = batch_sizes(space, count);
  std::vector<space::Configuration> candidates;
  std::unordered_set<space::Configuration, space::ConfigurationHash> seen;
  for (int tries = 0; candidates.size() < wanted && tries < count * kTriesPerCandidate; ++tries) {
    space::Configuration configuration = space.sample(random);
    if (!turns.empty()) configuration[kBatchSize] = turns[candidates.size() % turns.size()];
    if (space.contains(configuration) && seen.insert(configuration).second)
      candidates.push_back(configuration);
  }
  return candidates;
}

std::vector<space::Configuration> rung_candidates(const space::Space& space, const Options& options) {
  const space::Space searched = options.cycle_learning_rate ? space.without(kLearningRate) : space;
  int count = options.candidates.value_or(kDefaultCandidates);
  if (const space::Parameter* batch = searched.find(kBatchSize); batch && !options.candidates) {
    const auto values = space::cardinality(batch->domain);
    if (values && *values > static_cast<std::uint64_t>(count) && *values <= 64)
      count = static_cast<int>(*values);
  }
  return draw_candidates(searched, count, options.seed);
}

base::Result<> check_cycle(const space::Space& space, const Options& options) {
  if (!options.cycle_learning_rate) return {};
  const space::Parameter* rate = space.find(kLearningRate);
  const auto* real = rate ? std::get_if<space::Real>(&rate->domain) : nullptr;
  if (real && real->low > 0 && !rate->condition) return {};
  return base::fail(
      "a cycled learning rate needs a parameter learning_rate with low and high above 0 and no condition, "
      "for example "
      "learning_rate = {{ low = 1e-4, high = 1.0, scale = \"log\" }}");
}

}  // namespace sm2::strategy
