// `grid`: every combination of the parameters' values, continuous ones cut at options.points places on their
// scale, each trained to the end.
#include "strategy/full_training.h"
#include "strategy/table.h"

namespace sm2::strategy {
namespace {

constexpr std::size_t kMostPoints = 100000;

}  // namespace

base::Result<std::unique_ptr<Strategy>> make_grid(const space::Space& space, const Options& options) {
  auto configurations = space.grid(static_cast<std::size_t>(options.points), kMostPoints);
  if (!configurations) return tl::unexpected(configurations.error());
  if (options.candidates && configurations->size() > static_cast<std::size_t>(*options.candidates)) {
    return base::fail(
        "the grid has {} points, more than the {} trials allowed; give fewer values, fewer points, or a "
        "larger budget of trials",
        configurations->size(), *options.candidates);
  }
  return std::make_unique<FullTraining>(std::move(*configurations), options.resource_max);
}

}  // namespace sm2::strategy
