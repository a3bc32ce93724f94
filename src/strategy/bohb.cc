#include "strategy/bohb.h"

#include "strategy/hyperband.h"
#include "strategy/table.h"

namespace sm2::strategy {
namespace {

constexpr std::uint64_t kRandomStream = 2;

}  // namespace

PartlyRandom::PartlyRandom(space::Space space, std::uint64_t seed, std::unique_ptr<sampler::Sampler> model)
    : space_(std::move(space)), random_(seed, kRandomStream), model_(std::move(model)) {}

space::Configuration PartlyRandom::suggest(int id) {
  if (random_.uniform() >= kRandomFraction) return model_->suggest(id);
  drawn_.insert(id);
  return space_.sample(random_);
}

void PartlyRandom::tell(int id, const sampler::Observation& observation) {
  if (!drawn_.contains(id)) model_->tell(id, observation);
}

base::Result<std::unique_ptr<Strategy>> make_bohb(const space::Space& space, const Options& options) {
  if (auto checked = check_sampled_rate("bohb", options); !checked) return tl::unexpected(checked.error());
  auto model = sampler::make("tpe", space, options.seed);
  if (!model) return tl::unexpected(model.error());
  recall(**model, space, options.experience);
  auto sampler = std::make_unique<PartlyRandom>(space, options.seed, std::move(*model));
  return std::make_unique<Hyperband>(space, std::move(sampler), options);
}

}  // namespace sm2::strategy
