// `successive-halving`: random candidates, halved by their metric alone (strategy/halving.h).
#include "strategy/candidates.h"
#include "strategy/halving.h"
#include "strategy/table.h"

namespace sm2::strategy {

base::Result<std::unique_ptr<Strategy>> make_successive_halving(const space::Space& space,
                                                                const Options& options) {
  if (auto checked = check_cycle(space, options); !checked) return tl::unexpected(checked.error());
  return std::make_unique<Halving>(fresh_entries(rung_candidates(space, options)), options);
}

}  // namespace sm2::strategy
