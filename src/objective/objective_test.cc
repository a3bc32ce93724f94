#include "objective/objective.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

namespace sm2::objective {
namespace {

using base::Joules;

Candidate candidate(double metric, double joules, double stability = 1) {
  return {metric, Joules(joules), Joules(0), stability};
}

std::vector<std::size_t> order(const std::vector<Score>& scores) {
  std::vector<std::size_t> places;
  for (const Score& score : scores) places.push_back(score.candidate);
  return places;
}

using Places = std::vector<std::size_t>;

TEST(Objective, FollowsTheFormula) {
  const auto scores = rank({candidate(0.9, 400, 0.5), candidate(0.5, 100), candidate(0.7, 200, 0.9)},
                           {.energy = 0.3, .stability = 0.1, .guard = {}});
  ASSERT_EQ(order(scores), (Places{0, 2, 1}));
  EXPECT_NEAR(scores[0].objective, 0.6 * 0 + 0.3 * 1 + 0.1 * 0.5, 1e-12);
  EXPECT_NEAR(scores[1].objective, 0.6 * 0.5 + 0.3 * 0.5 + 0.1 * 0.1, 1e-12);
  EXPECT_NEAR(scores[2].objective, 0.6 * 1 + 0.3 * 0 + 0.1 * 0, 1e-12);
}

TEST(Objective, EnergyWithinNoiseDecidesNothing) {
  std::vector<Candidate> candidates = {candidate(0.5, 100), candidate(0.5, 104)};
  for (Candidate& c : candidates) c.energy_noise = Joules(3);
  const auto scores = rank(candidates, {.energy = 0.5, .stability = 0, .guard = {}});
  EXPECT_EQ(scores[0].energy, 0.0);
  EXPECT_EQ(scores[1].energy, 0.0);
}

TEST(Objective, AnUnknownEnergyLeavesEnergyOutForAll) {
  std::vector<Candidate> candidates = {candidate(0.5, 1), candidate(0.6, 1000), candidate(0.55, 10)};
  candidates[0].energy.reset();
  const auto scores = rank(candidates, {.energy = 0.9, .stability = 0, .guard = {}});
  EXPECT_EQ(order(scores), (Places{1, 2, 0}));
  EXPECT_EQ(scores[0].energy, std::nullopt);
  EXPECT_EQ(scores[0].objective, 0);
}

TEST(Objective, TiesBreakOnMetricThenEnergyThenOrder) {
  const Weights weights{.energy = 0.5, .stability = 0, .guard = {}};
  // J is 0.5 for the first two: better metric against less energy.
  EXPECT_EQ(order(rank({candidate(0, 100), candidate(1, 400)}, weights)), (Places{1, 0}));
  EXPECT_EQ(order(rank({candidate(0.5, 7), candidate(0.5, 7)}, weights)), (Places{0, 1}));
}

TEST(Objective, TheGuardPutsWhatIsFarBelowTheBestBehind) {
  const Weights weights{.energy = 0.8, .stability = 0, .guard = 0.1};
  const auto scores = rank({candidate(0.5, 1), candidate(0.9, 100), candidate(0.85, 50)}, weights);
  EXPECT_EQ(order(scores), (Places{2, 1, 0}));
  EXPECT_TRUE(scores[2].guarded);
  EXPECT_FALSE(scores[0].guarded);
}

TEST(Objective, WithinNoiseEnergyBreaksNoTieEither) {
  std::vector<Candidate> candidates = {candidate(0.5, 104), candidate(0.5, 100)};
  for (Candidate& c : candidates) c.energy_noise = Joules(3);
  EXPECT_EQ(order(rank(candidates, {.energy = 0.5, .stability = 0, .guard = {}})), (Places{0, 1}));
  for (Candidate& c : candidates) c.energy_noise = Joules(1);
  EXPECT_EQ(order(rank(candidates, {.energy = 0.5, .stability = 0, .guard = {}})), (Places{1, 0}));
}

TEST(Objective, NoiseIsTheTwoLargestOfTheRungWhoeverHasThem) {
  std::vector<Candidate> candidates = {candidate(0.5, 100), candidate(0.5, 110), candidate(0.5, 119)};
  candidates[1].energy_noise = Joules(16);
  candidates[2].energy_noise = Joules(4);
  const Weights weights{.energy = 0.5, .stability = 0, .guard = {}};
  EXPECT_EQ(rank(candidates, weights)[0].objective, rank(candidates, weights)[2].objective);
  candidates[2].energy_noise = Joules(2);
  EXPECT_LT(rank(candidates, weights)[0].objective, rank(candidates, weights)[2].objective);
}

TEST(Objective, FiniteButAbsurdMetricsStillGiveANumber) {
  const auto scores = rank({candidate(-1.7e308, 1), candidate(1.7e308, 1), candidate(0, 1)},
                           {.energy = 0, .stability = 0, .guard = {}});
  EXPECT_EQ(order(scores), (Places{1, 2, 0}));
  EXPECT_EQ(scores[1].performance, 0.5);
}

TEST(Objective, AThirdCandidateMaySwapTwoOthers) {
  const Weights weights{.energy = 0.5, .stability = 0, .guard = {}};
  const std::vector<Candidate> two = {candidate(0.9, 400), candidate(0.8, 100)};
  EXPECT_EQ(order(rank(two, weights)), (Places{0, 1}));
  const std::vector<Candidate> three = {candidate(0.9, 400), candidate(0.8, 100), candidate(0, 200)};
  EXPECT_EQ(order(rank(three, weights)), (Places{1, 0, 2}));
}

// Coarse, so that ties and energies within noise happen.
std::vector<Candidate> any_candidates() {
  const auto metrics = *rc::gen::nonEmpty(rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 12)));
  const bool noisy = *rc::gen::arbitrary<bool>();
  std::vector<Candidate> candidates;
  for (const int metric : metrics) {
    candidates.push_back(
        candidate(metric / 16.0, *rc::gen::inRange(1, 40) * 25, *rc::gen::inRange(0, 11) / 10.0));
    if (noisy) candidates.back().energy_noise = Joules(*rc::gen::inRange(0, 300));
  }
  return candidates;
}

Weights any_weights() {
  const double energy = *rc::gen::inRange(0, 11) / 10.0;
  const double stability = *rc::gen::inRange(0, 11) / 10.0 * (1 - energy);
  const auto guard = *rc::gen::element(std::optional<double>(), std::optional(0.125), std::optional(0.5));
  return {.energy = energy, .stability = stability, .guard = guard};
}

std::size_t place_of(std::size_t which, const std::vector<Candidate>& candidates, const Weights& weights) {
  const auto scores = rank(candidates, weights);
  return static_cast<std::size_t>(std::ranges::find(scores, which, &Score::candidate) - scores.begin());
}

bool same_but_for_rounding(const std::vector<Score>& a, const std::vector<Score>& b) {
  std::vector<double> objectives_of_a(a.size()), objectives_of_b(b.size());
  for (const Score& score : a) objectives_of_a[score.candidate] = score.objective;
  for (const Score& score : b) objectives_of_b[score.candidate] = score.objective;
  for (std::size_t k = 0; k < a.size(); ++k) {
    const bool near = std::abs(objectives_of_a[k] - objectives_of_b[k]) < 1e-9;
    const bool tied = std::abs(a[k].objective - objectives_of_a[b[k].candidate]) < 1e-9;
    if (!near || !tied || a[k].guarded != b[k].guarded) return false;
  }
  return true;
}

RC_GTEST_PROP(ObjectiveProperty, TheUnitOfEnergyDoesNotMatter, ()) {
  std::vector<Candidate> candidates = any_candidates();
  const Weights weights = any_weights();
  const auto in_joules = rank(candidates, weights);
  const bool exact = *rc::gen::arbitrary<bool>();
  const double unit = exact ? *rc::gen::element(0.125, 1024.0) : *rc::gen::element(1e-3, 1 / 3.6e6, 7.0);
  for (Candidate& c : candidates) {
    c.energy = *c.energy * unit;
    c.energy_noise = c.energy_noise * unit;
  }
  const auto scaled = rank(candidates, weights);
  if (exact) RC_ASSERT(order(scaled) == order(in_joules));  // a power of two keeps every rounding
  const auto largest = std::ranges::max(candidates, {}, &Candidate::energy_noise).energy_noise;
  if (exact || largest == Joules(0)) RC_ASSERT(same_but_for_rounding(in_joules, scaled));
}

RC_GTEST_PROP(ObjectiveProperty, ScaleAndOriginOfTheMetricDoNotMatter, ()) {
  std::vector<Candidate> candidates = any_candidates();
  Weights weights = any_weights();
  const auto before = rank(candidates, weights);
  const double scale = *rc::gen::element(0.25, 64.0);
  const double origin = *rc::gen::inRange(-100, 100);  // metrics are sixteenths: nothing rounds
  for (Candidate& c : candidates) c.metric = scale * c.metric + origin;
  if (weights.guard) *weights.guard *= scale;
  const auto after = rank(candidates, weights);
  RC_ASSERT(order(after) == order(before));
  for (std::size_t k = 0; k < after.size(); ++k) RC_ASSERT(after[k].objective == before[k].objective);
}

RC_GTEST_PROP(ObjectiveProperty, ABetterMetricNeverCostsAPlace, ()) {
  std::vector<Candidate> candidates = any_candidates();
  const Weights weights = any_weights();
  const auto which = *rc::gen::inRange<std::size_t>(0, candidates.size());
  const std::size_t before = place_of(which, candidates, weights);
  candidates[which].metric += *rc::gen::inRange(1, 16) / 16.0;
  RC_ASSERT(place_of(which, candidates, weights) <= before);
}

RC_GTEST_PROP(ObjectiveProperty, LessEnergyNeverCostsAPlace, ()) {
  std::vector<Candidate> candidates = any_candidates();
  const Weights weights = any_weights();
  const auto which = *rc::gen::inRange<std::size_t>(0, candidates.size());
  const std::size_t before = place_of(which, candidates, weights);
  candidates[which].energy = *candidates[which].energy * (*rc::gen::inRange(1, 100) / 100.0);
  RC_ASSERT(place_of(which, candidates, weights) <= before);
}

RC_GTEST_PROP(ObjectiveProperty, MoreStabilityNeverCostsAPlace, ()) {
  std::vector<Candidate> candidates = any_candidates();
  const Weights weights = any_weights();
  const auto which = *rc::gen::inRange<std::size_t>(0, candidates.size());
  const std::size_t before = place_of(which, candidates, weights);
  *candidates[which].stability += 0.1;
  RC_ASSERT(place_of(which, candidates, weights) <= before);
}

RC_GTEST_PROP(ObjectiveProperty, WithoutWeightsItIsTheMetricAlone, ()) {
  const std::vector<Candidate> candidates = any_candidates();
  const auto scores = rank(candidates, {.energy = 0, .stability = 0, .guard = any_weights().guard});
  Places expected(candidates.size());
  for (std::size_t k = 0; k < expected.size(); ++k) expected[k] = k;
  std::ranges::stable_sort(expected, std::greater<>(), [&](std::size_t k) { return candidates[k].metric; });
  RC_ASSERT(order(scores) == expected);
}

RC_GTEST_PROP(ObjectiveProperty, EnergyWithinNoiseIsAsIfAllWereEqual, ()) {
  std::vector<Candidate> candidates = any_candidates();
  const Weights weights = any_weights();
  for (Candidate& c : candidates) c.energy_noise = Joules(500);  // energies are from 25 to 975
  const auto within = rank(candidates, weights);
  for (Candidate& c : candidates) c.energy = Joules(7);
  RC_ASSERT(order(within) == order(rank(candidates, weights)));
}

RC_GTEST_PROP(ObjectiveProperty, WhoIsGuardedIsBehindAllOthersAndTheBestMetricNeverIs, ()) {
  const std::vector<Candidate> candidates = any_candidates();
  const auto scores = rank(candidates, any_weights());
  const auto first_guarded = std::ranges::find_if(scores, &Score::guarded);
  RC_ASSERT(std::all_of(first_guarded, scores.end(), [](const Score& score) { return score.guarded; }));
  const auto best = std::ranges::max_element(candidates, {}, &Candidate::metric) - candidates.begin();
  RC_ASSERT(!std::ranges::find(scores, static_cast<std::size_t>(best), &Score::candidate)->guarded);
}

RC_GTEST_PROP(ObjectiveProperty, JLiesBetweenZeroAndOne, ()) {
  for (const Score& score : rank(any_candidates(), any_weights())) {
    RC_ASSERT(score.objective >= -1e-12 && score.objective <= 1 + 1e-12);
  }
}

}  // namespace
}  // namespace sm2::objective
