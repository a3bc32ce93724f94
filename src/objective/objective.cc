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

// P~. Halves, so that the difference of two finite numbers stays finite.
double performance(double metric, const Range& range) {
  if (range.high == range.low) return 1;
  return (metric / 2 - range.low / 2) / (range.high / 2 - range.low / 2);
}

bool energies_known(const std::vector<Candidate>& candidates) {
  return std::ranges::all_of(candidates, [](const Candidate& c) { return c.energy && c.energy->value > 0; });
}

bool stabilities_known(const std::vector<Candidate>& candidates) {
  return std::ranges::all_of(candidates, [](const Candidate& c) { return c.stability.has_value(); });
}

// What two energies may differ by without meaning anything: the two largest noises together. It does not depend on who
// has which energy, so that using less never changes what counts as noise.
base::Joules noise(const std::vector<Candidate>& candidates) {
  base::Joules largest, second;
  for (const Candidate& candidate : candidates) {
    second = std::max(second, std::min(largest, candidate.energy_noise));
    largest = std::max(largest, candidate.energy_noise);
  }
  return largest + second;
}

// E~ of every candidate, or nothing where the spread is within noise; all energies are known and positive.
std::optional<std::vector<double>> normalized_energies(const std::vector<Candidate>& candidates) {
  const auto energy = [](const Candidate& candidate) { return *candidate.energy; };
  const auto [least, most] = std::ranges::minmax(candidates, {}, energy);
  if (*most.energy - *least.energy <= noise(candidates)) return {};
  const double spread = std::log(*most.energy / *least.energy);
  std::vector<double> normalized;
  for (const Candidate& candidate : candidates) {
    normalized.push_back(std::log(*candidate.energy / *least.energy) / spread);
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
  const auto energies = with_energy ? normalized_energies(candidates) : std::nullopt;

  std::vector<Score> scores;
  for (std::size_t k = 0; k < candidates.size(); ++k) {
    Score score;
    score.candidate = k;
    score.performance = performance(candidates[k].metric, range);
    if (with_energy) score.energy = energies ? (*energies)[k] : 0;
    if (with_stability) score.stability = candidates[k].stability;
    score.objective = (1 - alpha - beta) * (1 - score.performance) + alpha * score.energy.value_or(0) +
                      beta * (1 - score.stability.value_or(1));
    score.guarded = weights.guard && alpha + beta > 0 && candidates[k].metric < range.high - *weights.guard;
    scores.push_back(score);
  }
  const auto key = [&](const Score& score) {
    const Candidate& candidate = candidates[score.candidate];
    return std::tuple(score.guarded, score.objective, -candidate.metric,
                      energies ? candidate.energy->value : 0.0);
  };
  std::ranges::stable_sort(scores, {}, key);
  return scores;
}

}  // namespace sm2::objective
