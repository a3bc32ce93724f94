// `random`: random search (Bergstra and Bengio 2012): different configurations drawn from the space, 16
// unless told otherwise, each trained to the end.
#include "base/random.h"

#include <unordered_set>

#include "strategy/full_training.h"
#include "strategy/table.h"

namespace sm2::strategy {
namespace {

constexpr int kDefaultTrials = 16;
constexpr int kTriesPerTrial = 50;

}  // namespace

base::Result<std::unique_ptr<Strategy>> make_random(const space::Space& space, const Options& options) {
  base::Random random(options.seed);
  const auto wanted = static_cast<std::size_t>(options.candidates.value_or(kDefaultTrials));
  std::vector<space::Configuration> drawn;
  std::unordered_set<space::Configuration, space::ConfigurationHash> seen;
  for (std::size_t tries = 0; drawn.size() < wanted && tries < wanted * kTriesPerTrial; ++tries) {
    space::Configuration configuration = space.sample(random);
    if (seen.insert(configuration).second) drawn.push_back(std::move(configuration));
  }
  return std::make_unique<FullTraining>(std::move(drawn), options.resource_max);
}

}  // namespace sm2::strategy
