// The best 1 / eta of a growing crowd: of n that were added, the best floor(n / eta), as asynchronous
// successive halving asks for at every rung (Li et al. 2020, arXiv 1810.05934, Algorithm 2: top_k(rung,
// |rung| / eta)). Two heaps meet at the cut, as for a running quantile: O(log n) to add, O(1) to ask, 16
// bytes for each.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "trial/decision.h"

namespace sm2::strategy {

struct Ranked {
  double metric = 0;  // finite, oriented: higher is better
  trial::TrialId trial = 0;
};

// Of equal metrics the earlier trial's is better, so that no two trials are equal.
bool better(const Ranked& a, const Ranked& b);

// Heaps of std::push_heap with the best, or the worst, in front.
inline bool worse(const Ranked& a, const Ranked& b) { return better(b, a); }

class TopShare {
 public:
  explicit TopShare(double eta) : eta_(eta) {}

  void add(const Ranked& ranked);

  std::size_t size() const { return top_.size() + rest_.size(); }
  std::size_t share() const { return top_.size(); }
  // Whether one that was added is among the best share().
  bool holds(const Ranked& ranked) const { return !top_.empty() && !better(top_.front(), ranked); }
  // The worst among the best share().
  std::optional<Ranked> last() const { return top_.empty() ? std::nullopt : std::optional(top_.front()); }
  // Of all; size() > 0.
  const Ranked& best() const { return best_; }

 private:
  double eta_;
  std::vector<Ranked> top_;   // worst in front
  std::vector<Ranked> rest_;  // best in front
  Ranked best_;
};

}  // namespace sm2::strategy
