// What every sampler in the table must keep, over random spaces, values, failures and orders of telling: the
// contract in sampler/sampler.h.
#include "sampler/sampler.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>

namespace sm2::sampler {
namespace {

space::Domain any_domain() {
  switch (*rc::gen::inRange(0, 7)) {
    case 0:
      return space::Integer{*rc::gen::inRange<std::int64_t>(-5, 0), *rc::gen::inRange<std::int64_t>(1, 90),
                            *rc::gen::inRange<std::int64_t>(1, 4), space::Scale::kLinear};
    case 1:
      return space::Integer{1, *rc::gen::inRange<std::int64_t>(2, 3000), 1, space::Scale::kLog};
    case 2:
      return space::Real{1e-5, 10, {}, space::Scale::kLog};
    case 3:
      return space::Real{-3, 0.5, {}, space::Scale::kLinear};
    case 4:
      return space::Real{0, 1, 0.1, space::Scale::kLinear};
    case 5:
      return space::Categorical{{std::int64_t{512}, std::int64_t{16}, 0.5}};
    default:
      return space::Categorical{{"a", true, std::int64_t{7}}};
  }
}

// One to five parameters; some exist only for one value of another.
space::Space any_space() {
  std::vector<space::Parameter> parameters;
  const int count = *rc::gen::inRange(1, 6);
  for (int k = 0; k < count; ++k) {
    space::Parameter parameter = {"p" + std::to_string(k), any_domain(), {}};
    if (k > 0 && *rc::gen::arbitrary<bool>()) {
      const space::Parameter& parent = parameters[*rc::gen::inRange<std::size_t>(0, parameters.size())];
      parameter.condition = space::Condition{parent.name, {space::grid(parent.domain, 3).front()}};
    }
    parameters.push_back(parameter);
  }
  return *space::Space::make(parameters);
}

Observation any_observation() {
  Observation observation;
  observation.resource = *rc::gen::element(1.0, 3.0, 9.0);
  if (*rc::gen::inRange(0, 5) > 0) observation.value = *rc::gen::inRange(-10, 10) / 4.0;
  return observation;
}

void keeps_its_contract(const std::string& name) {
  const space::Space space = any_space();
  const auto seed = *rc::gen::inRange<std::uint64_t>(0, 1000);
  const auto sampler = *make(name, space, seed);
  const auto twin = *make(name, space, seed);
  base::Random past(seed, 99);
  for (int recalled = *rc::gen::inRange(0, 20); recalled > 0; --recalled) {
    const space::Configuration tried = space.sample(past);
    const std::vector<Observation> observations = {any_observation()};
    sampler->recall(tried, observations);
    twin->recall(tried, observations);
  }
  const auto workers = *rc::gen::inRange<std::size_t>(1, 12);
  const int turns = *rc::gen::inRange(1, 160);
  std::vector<int> running, told;
  int next = 0;
  for (int turn = 0; turn < turns; ++turn) {
    if (running.size() < workers) {
      const space::Configuration suggested = sampler->suggest(next);
      RC_ASSERT(space.contains(suggested));
      RC_ASSERT(suggested == twin->suggest(next));
      running.push_back(next++);
      continue;
    }
    const bool again = !told.empty() && *rc::gen::inRange(0, 6) == 0;
    std::vector<int>& from = again ? told : running;
    const auto which = from.begin() + *rc::gen::inRange<long>(0, static_cast<long>(from.size()));
    const int id = *which;
    if (!again) {
      running.erase(which);
      told.push_back(id);
    }
    const Observation observation = any_observation();
    sampler->tell(id, observation);
    twin->tell(id, observation);
  }
}

class SamplerContract : public ::testing::TestWithParam<std::string> {};

TEST_P(SamplerContract, IsKept) {
  EXPECT_TRUE(rc::check([] { keeps_its_contract(GetParam()); }));
}

TEST_P(SamplerContract, PendingSuggestionsAreNotAllTheSame) {
  const space::Space space = *space::Space::make({{"x", space::Real{0, 1, {}, space::Scale::kLinear}, {}}});
  const auto sampler = *make(GetParam(), space, 1);
  for (int id = 0; id < 30; ++id) {
    const double x = space::as_number(sampler->suggest(id).at("x"));
    sampler->tell(id, {.value = -x * x});
  }
  std::set<space::Configuration> pending;
  for (int id = 30; id < 40; ++id) pending.insert(sampler->suggest(id));
  EXPECT_GE(pending.size(), 5u);
}

TEST_P(SamplerContract, OtherSeedsGiveOtherSuggestions) {
  const space::Space space = *space::Space::make({{"x", space::Real{0, 1, {}, space::Scale::kLinear}, {}}});
  std::set<space::Configuration> seen;
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const auto sampler = *make(GetParam(), space, seed);
    for (int id = 0; id < 4; ++id) seen.insert(sampler->suggest(id));
  }
  EXPECT_GE(seen.size(), 5u);
}

INSTANTIATE_TEST_SUITE_P(EverySampler, SamplerContract, ::testing::ValuesIn(names()), [](const auto& tested) {
  std::string name = tested.param;
  std::ranges::replace(name, '-', '_');
  return name;
});

TEST(SamplerTable, NamesTheNearestKnown) {
  const auto unknown = make("randon", *space::Space::make({}), 1);
  ASSERT_FALSE(unknown);
  EXPECT_TRUE(unknown.error().message.starts_with("there is no sampler 'randon'; did you mean 'random'?"))
      << unknown.error().message;
}

}  // namespace
}  // namespace sm2::sampler
