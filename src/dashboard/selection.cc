#include "dashboard/selection.h"

namespace sm2::dashboard {

std::vector<const journal::Trial*> selection(const std::vector<const journal::Trial*>& ranked,
                                             std::size_t most) {
  if (ranked.size() <= most) return ranked;
  const std::size_t best = (most + 1) / 2, others = most - best, rest = ranked.size() - best;
  std::vector<const journal::Trial*> chosen(ranked.begin(),
                                            ranked.begin() + static_cast<std::ptrdiff_t>(best));
  for (std::size_t at = 1; at <= others; ++at) chosen.push_back(ranked[best + at * rest / others - 1]);
  return chosen;
}

}  // namespace sm2::dashboard
