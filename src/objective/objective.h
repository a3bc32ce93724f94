// What is better: performance, energy and learning-rate stability of candidates trained to the same rung.
//
//   J_k = (1 - alpha - beta) (1 - P~_k) + alpha E~_k + beta (1 - S_k)          lower is better
//   P~  (P_k - P_min) / (P_max - P_min) over the rung; 1 for all when they are equal
//   E~  ln(E_k / E_min) / ln(E_max / E_min); 0 for all when E_max - E_min is within noise, the two largest
//       noises of the rung together; left out, alpha going to P, when any candidate's energy is unknown or 0
//   S   as trial::Progress::stability; likewise left out when any candidate's is unknown
//
// A reconstruction of the objective of arXiv 2412.08526, whose exact weights are not public. Ties break on P,
// then on E (where energy took part and was beyond noise), then on the order given. A candidate whose P is more
// than the guard below the best ranks behind all others and is not to be promoted; without a trade-off
// (alpha = beta = 0) there is nothing to guard against, so that J then ranks by the metric alone: successive halving.
//
// Held by tests, for one candidate that changes while all else stays:
// - a better metric, less energy (its noise as before) or more stability never costs it a place;
// - the unit of energy, and scale and origin of the metric (the guard's with it), play no part.
// Not so for the others: P~ and E~ are relative to the rung's ends, so a candidate that comes, leaves or moves an end
// may swap two others. Therefore failed and diverged candidates must have left before rank() is called; strategies see to
// it (strategy/halving.cc), and every metric given is finite.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/quantity.h"

namespace sm2::objective {

struct Weights {
  double energy = 0.3;          // alpha >= 0
  double stability = 0.1;       // beta >= 0; alpha + beta <= 1
  std::optional<double> guard;  // in the metric's own units, > 0; absent: no guard
  bool operator==(const Weights&) const = default;
};

struct Candidate {
  double metric = 0;  // finite; higher is better
  std::optional<base::Joules> energy;
  base::Joules energy_noise;
  std::optional<double> stability;
};

struct Score {
  std::size_t candidate = 0;        // index into what was ranked
  double objective = 0;             // J
  double performance = 0;           // P~
  std::optional<double> energy;     // E~; absent where it was left out
  std::optional<double> stability;  // S; absent where it was left out
  bool guarded = false;             // its P is more than the guard below the best
};

// Best first. Weights of parts that are left out are given to the metric, so that J stays between 0 and 1.
std::vector<Score> rank(const std::vector<Candidate>& candidates, const Weights& weights);

}  // namespace sm2::objective
