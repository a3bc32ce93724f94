// `grid`: every combination of the parameters' values, continuous ones cut at options.points places on their
// scale, each trained to the end.
#include "strategy/sampled.h"
#include "strategy/table.h"

namespace sm2::strategy {
namespace {

constexpr std::size_t kMostPoints = 100000;

class Listed final : public sampler::Sampler {
 public:
  explicit Listed(std::vector<space::Configuration> configurations)
      : configurations_(std::move(configurations)) {}

  space::Configuration suggest(int id) override { return configurations_[static_cast<std::size_t>(id)]; }
  void tell(int, const sampler::Observation&) override {}

 private:
  std::vector<space::Configuration> configurations_;
};

}  // namespace

base::Result<std::unique_ptr<Strategy>> make_grid(const space::Space& space, const Options& options) {
  if (auto checked = check_sampled(options); !checked) return tl::unexpected(checked.error());
  auto configurations = space.grid(static_cast<std::size_t>(options.points), kMostPoints);
  if (!configurations) return tl::unexpected(configurations.error());
  if (options.candidates && configurations->size() > static_cast<std::size_t>(*options.candidates)) {
    return base::fail(
        "the grid has {} points, more than the {} trials allowed; give fewer values, fewer points, or a "
        "larger budget of trials",
        configurations->size(), *options.candidates);
  }
  Options all = options;
  all.candidates = static_cast<int>(configurations->size());
  return std::make_unique<Sampled>(space, std::make_unique<Listed>(std::move(*configurations)), all);
}

}  // namespace sm2::strategy
