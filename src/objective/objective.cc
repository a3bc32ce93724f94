#include "objective/objective.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

namespace sm2::objective {
namespace {

struct Range {
  double low = 0;
  double high = 0;
};

Range metric_range(const std::vector<Candidate>& candidates) {
  const auto [low, high] = std::ranges::minmax_element(candidates, {}, &Candidate::metric);
  return {low->metric, high->metric};
}

bool energies_known(const std::vector<Candidate>& candidates) {
  return std::ranges::all_of(candidates, [](const Candidate& c) { return c.energy && c.energy->value > 0; });
}

bool stabilities_known(const std::vector<Candidate>& candidates) {
  return std::ranges::all_of(candidates, [](const Candidate& c) { return c.stability.has_value(); });
}

// E~ of every candidate; all energies are known and positive.
std::vector<double> normalized_energies(const std::vector<Candidate>& candidates) {
  const auto [least, most] =
      std::ranges::minmax_element(candidates, {}, [](const Candidate& c) { return *c.energy; });
  std::vector<double> normalized(candidates.size(), 0.0);
  if (*most->energy - *least->energy <= least->energy_noise + most->energy_noise) return normalized;
  const double spread = std::log(*most->energy / *least->energy);
  for (std::size_t k = 0; k < candidates.size(); ++k) {
    normalized[k] = std::log(*candidates[k].energy / *least->energy) / spread;
  }
  return normalized;
}

}  // namespace

std::vector<Score> rank(const std::vector<Candidate>& candidates, const Weights& weights) {
  if (candidates.empty()) return {};
  const bool with_energy = weights.energy > 0 && energies_known(candidates);
  const bool with_stability = weights.stability > 0 && stabilities_known(candidates);
  const double alpha = with_energy ? weights.energy : 0;
  const double beta = with_stability ? weights.stability : 0;
  const Range range = metric_range(candidates);
  const std::vector<double> energies = with_energy ? normalized_energies(candidates) : std::vector<double>();

  std::vector<Score> scores;
  for (std::size_t k = 0; k < candidates.size(); ++k) {
    Score score;
    score.candidate = k;
    score.performance =
        range.high > range.low ? (candidates[k].metric - range.low) / (range.high - range.low) : 1;
    if (with_energy) score.energy = energies[k];
    if (with_stability) score.stability = candidates[k].stability;
    score.objective = (1 - alpha - beta) * (1 - score.performance) + alpha * score.energy.value_or(0) +
                      beta * (1 - score.stability.value_or(1));
    score.guarded = weights.guard && alpha + beta > 0 && candidates[k].metric < range.high - *weights.guard;
    scores.push_back(score);
  }
  const auto key = [&](const Score& score) {
    const Candidate& candidate = candidates[score.candidate];
    return std::tuple(score.guarded, score.objective, -candidate.metric,
                      with_energy ? candidate.energy->value : 0.0);
  };
  std::ranges::stable_sort(scores, {}, key);
  return scores;
}

}  // namespace sm2::objective
