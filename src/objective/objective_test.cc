#include "objective/objective.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

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

std::vector<Candidate> any_candidates() {
  const auto metrics = *rc::gen::nonEmpty(rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 40)));
  std::vector<Candidate> candidates;
  for (const int metric : metrics) {
    candidates.push_back(
        candidate(metric / 40.0, *rc::gen::inRange(1, 5000), *rc::gen::inRange(0, 11) / 10.0));
  }
  return candidates;
}

RC_GTEST_PROP(ObjectiveProperty, TheUnitOfEnergyDoesNotMatter, ()) {
  std::vector<Candidate> candidates = any_candidates();
  const Weights weights{.energy = 0.4, .stability = 0.2, .guard = {}};
  const auto in_joules = rank(candidates, weights);
  for (Candidate& c : candidates) *c.energy = *c.energy * 1024;  // a power of two keeps every rounding
  const auto scaled = rank(candidates, weights);
  for (std::size_t k = 0; k < scaled.size(); ++k) {
    RC_ASSERT(std::abs(in_joules[k].objective - scaled[k].objective) < 1e-9);
  }
}

RC_GTEST_PROP(ObjectiveProperty, LessEnergyNeverRanksLower, ()) {
  std::vector<Candidate> candidates = any_candidates();
  const auto which = *rc::gen::inRange<std::size_t>(0, candidates.size());
  const Weights weights{.energy = 0.4, .stability = 0.2, .guard = {}};
  const auto place = [&] {
    const auto scores = rank(candidates, weights);
    return std::ranges::find(scores, which, &Score::candidate) - scores.begin();
  };
  const auto before = place();
  // Halving the most wasteful's energy may move the scale for all, so the test keeps the ends where they are.
  const auto [least, most] =
      std::ranges::minmax_element(candidates, {}, [](const Candidate& c) { return *c.energy; });
  RC_PRE(&*least != &candidates[which] && &*most != &candidates[which]);
  candidates[which].energy = *least->energy;
  RC_ASSERT(place() <= before);
}

RC_GTEST_PROP(ObjectiveProperty, WithoutWeightsItIsTheMetricAlone, ()) {
  const std::vector<Candidate> candidates = any_candidates();
  const auto scores = rank(candidates, {.energy = 0, .stability = 0, .guard = {}});
  Places expected(candidates.size());
  for (std::size_t k = 0; k < expected.size(); ++k) expected[k] = k;
  std::ranges::stable_sort(expected, std::greater<>(), [&](std::size_t k) { return candidates[k].metric; });
  RC_ASSERT(order(scores) == expected);
}

RC_GTEST_PROP(ObjectiveProperty, JLiesBetweenZeroAndOne, ()) {
  for (const Score& score : rank(any_candidates(), {.energy = 0.5, .stability = 0.5, .guard = {}})) {
    RC_ASSERT(score.objective >= -1e-12 && score.objective <= 1 + 1e-12);
  }
}

}  // namespace
}  // namespace sm2::objective
