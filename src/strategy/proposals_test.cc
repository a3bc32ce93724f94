#include "strategy/proposals.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

namespace sm2::strategy {
namespace {

space::Space choices(int count) {
  return *space::Space::make({{"x", space::Integer{1, count, 1, space::Scale::kLinear}, {}}});
}

// Suggests 1, 1, 2, 2, 2, 2, ... and keeps what it is told.
class Stubborn final : public sampler::Sampler {
 public:
  space::Configuration suggest(int id) override { return {{"x", std::int64_t{id < 2 ? 1 : 2}}}; }
  void tell(int id, const sampler::Observation& observation) override { told[id] = observation; }
  void recall(const space::Configuration&, const std::vector<sampler::Observation>& observations) override {
    recalled.push_back(observations);
  }

  std::map<int, sampler::Observation> told;
  std::vector<std::vector<sampler::Observation>> recalled;
};

TEST(Proposals, NoneComesTwiceInASmallSpaceAndAllOfItCanBeHad) {
  Proposals proposals(choices(5), *sampler::make("random", choices(5), 7));
  ASSERT_EQ(proposals.limit(), 5u);
  std::set<space::Configuration> drawn;
  for (int trial = 0; trial < 5; ++trial) drawn.insert(proposals.next(trial));
  EXPECT_EQ(drawn.size(), 5u);
}

TEST(Proposals, AStubbornSamplerIsToldWhatARepetitionCameTo) {
  auto sampler = std::make_unique<Stubborn>();
  const Stubborn& heard = *sampler;
  Proposals proposals(choices(4), std::move(sampler));
  std::vector<std::int64_t> drawn;
  for (int trial = 0; trial < 4; ++trial) {
    drawn.push_back(std::get<std::int64_t>(proposals.next(trial).at("x")));
    proposals.tell(trial, 0.1 * trial, 3);
  }
  EXPECT_EQ(drawn, (std::vector<std::int64_t>{1, 2, 3, 4}));
  // Trials 0 and 1, which it knows as 0 and 2; 1 was the first again.
  EXPECT_EQ(heard.told.at(1).value, 0.0);
  EXPECT_EQ(heard.told.at(0).value, 0.0);
  EXPECT_EQ(heard.told.at(2).value, 0.1);
  EXPECT_EQ(heard.told.at(2).resource, 3);
}

TEST(Proposals, ASamplerRecallsEarlierTrialsOfTheSpace) {
  Experience known;
  known.configuration = {{"x", std::int64_t{2}}};
  known.points = {{1, 0.5, std::nan("")}, {4, 0.75, std::nan("")}};
  Experience failed = known;
  failed.points = {};
  failed.reached = 2;
  failed.failed = true;
  Experience elsewhere = known;
  elsewhere.configuration = {{"x", std::int64_t{9}}};
  Stubborn sampler;
  recall(sampler, choices(5), {known, elsewhere, failed});
  ASSERT_EQ(sampler.recalled.size(), 2u);
  ASSERT_EQ(sampler.recalled[0].size(), 2u);
  EXPECT_EQ(sampler.recalled[0][1].value, 0.75);
  EXPECT_EQ(sampler.recalled[0][1].resource, 4);
  ASSERT_EQ(sampler.recalled[1].size(), 1u);
  EXPECT_EQ(sampler.recalled[1][0].value, std::nullopt);
}

TEST(Proposals, ASpaceWithoutEndHasNoLimit) {
  const auto space = *space::Space::make({{"x", space::Real{0, 1, {}, space::Scale::kLinear}, {}}});
  EXPECT_EQ(Proposals(space, *sampler::make("random", space, 1)).limit(), std::nullopt);
  EXPECT_EQ(Proposals(choices(5000), *sampler::make("random", choices(5000), 1)).limit(), std::nullopt);
}

TEST(Proposals, OnlyAFiniteMetricOfAUsableTrialCompares) {
  trial::Stretch stretch{trial::Paused{}, 1, 0.5, {}, {}, {}};
  EXPECT_EQ(comparable_metric(stretch), 0.5);
  stretch.metric = std::nan("");
  EXPECT_EQ(comparable_metric(stretch), std::nullopt);
  stretch = {trial::Diverged{"x"}, 1, 0.5, {}, {}, {}};
  EXPECT_EQ(comparable_metric(stretch), std::nullopt);
}

}  // namespace
}  // namespace sm2::strategy
