#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>

#include "sampler/table.h"

namespace sm2::sampler {
namespace {

using space::Configuration;
using Value = std::function<std::optional<double>(const Configuration&)>;

double at(const Configuration& configuration, const std::string& name) {
  return space::as_number(configuration.at(name));
}

space::Parameter unit(const std::string& name) {
  return {name, space::Real{0, 1, {}, space::Scale::kLinear}, {}};
}

space::Space cube(int dimensions) {
  std::vector<space::Parameter> parameters;
  for (int i = 0; i < dimensions; ++i) parameters.push_back(unit(std::string(1, static_cast<char>('a' + i))));
  return *space::Space::make(parameters);
}

std::optional<double> bowl(const Configuration& configuration) {  // best, 0, at 0.3 everywhere
  double value = 0;
  for (const auto& [name, x] : configuration) value -= std::pow(space::as_number(x) - 0.3, 2);
  return value;
}

// The configurations of `trials` suggestions, each told before the next.
std::vector<Configuration> run(Sampler& sampler, const Value& value, int trials) {
  std::vector<Configuration> all;
  for (int id = 0; id < trials; ++id) {
    all.push_back(sampler.suggest(id));
    sampler.tell(id, {.value = value(all.back())});
  }
  return all;
}

double best(const std::vector<Configuration>& all, const Value& value) {
  double best = -1e9;
  for (const Configuration& configuration : all) best = std::max(best, value(configuration).value_or(-1e9));
  return best;
}

double median_best(Make& make_sampler, const space::Space& space, const Value& value, int trials) {
  std::vector<double> found;
  for (std::uint64_t seed = 0; seed < 9; ++seed)
    found.push_back(best(run(*make_sampler(space, seed), value, trials), value));
  std::ranges::sort(found);
  return found[found.size() / 2];
}

TEST(Tpe, FindsTheBottomOfABowlFarCloserThanRandomSearch) {
  const double of_tpe = -median_best(make_tpe, cube(4), bowl, 80);
  const double of_random = -median_best(make_random, cube(4), bowl, 80);
  EXPECT_LT(of_tpe, of_random / 10);
}

TEST(Tpe, FindsOneOfManyCombinations) {
  const space::Space space =
      *space::Space::make({{"layers", space::Integer{1, 20, 1, space::Scale::kLinear}, {}},
                           {"width", space::Integer{8, 1024, 1, space::Scale::kLog}, {}},
                           {"kind", space::Categorical{{"a", "b", "c", "d"}}, {}}});
  const Value value = [](const Configuration& tried) {
    const double kind = std::get<std::string>(tried.at("kind")) == "c" ? 0 : 1;
    return -kind - std::pow((at(tried, "layers") - 7) / 10, 2) -
           std::pow(std::log2(at(tried, "width") / 100), 2);
  };
  EXPECT_GT(median_best(make_tpe, space, value, 120), -0.003);
}

TEST(Tpe, TriesABranchAgainThatLooksBadUntilItIsTuned) {
  // "deep" is worse than "shallow" unless its rate is close to 0.8.
  const space::Space space = *space::Space::make(
      {{"model", space::Categorical{{"shallow", "deep"}}, {}},
       {"rate", space::Real{0, 1, {}, space::Scale::kLinear}, space::Condition{"model", {"deep"}}},
       {"size", space::Real{0, 1, {}, space::Scale::kLinear}, space::Condition{"model", {"shallow"}}}});
  const Value value = [](const Configuration& tried) {
    if (tried.contains("size")) return 0.5 - 0.1 * std::pow(at(tried, "size") - 0.5, 2);
    return 1 - 5 * std::abs(at(tried, "rate") - 0.8);
  };
  EXPECT_GT(median_best(make_tpe, space, value, 100), 0.9);
}

TEST(Tpe, ParallelSuggestionsDoNotAllTryTheSame) {
  const space::Space space =
      *space::Space::make({{"k", space::Integer{0, 19, 1, space::Scale::kLinear}, {}}});
  const Value value = [](const Configuration& tried) { return -std::abs(at(tried, "k") - 8); };
  int repeats = 0;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const auto sampler = make_tpe(space, seed);
    run(*sampler, value, 20);
    std::set<Configuration> pending;
    for (int id = 20; id < 32; ++id) repeats += !pending.insert(sampler->suggest(id)).second;
  }
  EXPECT_LT(repeats, 55);  // of 120
}

TEST(Tpe, LearnsWhereTrialsFail) {
  const Value value = [](const Configuration& tried) -> std::optional<double> {
    if (at(tried, "b") > 0.5) return {};
    return at(tried, "a");
  };
  int failed = 0;
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const auto all = run(*make_tpe(cube(2), seed), value, 60);
    for (std::size_t k = 30; k < all.size(); ++k) failed += at(all[k], "b") > 0.5;
  }
  EXPECT_LT(failed, 40);  // of 150, half of which would fail at random
}

TEST(Tpe, WithNothingButFailuresItGoesOn) {
  const auto all = run(*make_tpe(cube(2), 1), [](const auto&) { return std::optional<double>(); }, 40);
  EXPECT_EQ(all.size(), 40u);
}

TEST(Tpe, ComparesTrialsAtOneResource) {
  // All reached 1, where a high `a` looks best; those told at 9 say that a low one is.
  const auto sampler = make_tpe(cube(1), 3);
  double late = 0;
  for (int id = 0; id < 60; ++id) {
    const double a = at(sampler->suggest(id), "a");
    sampler->tell(id, {.value = a, .resource = 1});
    if (id < 30 || id % 3 == 0) sampler->tell(id, {.value = 0.5 - a, .resource = 9});
    if (id >= 40) late += a / 20;
  }
  EXPECT_LT(late, 0.3);
}

// Of ten suggestions each; the bowl's best is 0, and ten at random leave about -0.05.
TEST(Tpe, BeginsFromWhatItRecalls) {
  double cold = 0, warm = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const space::Space space = cube(2);
    const auto plain = make_tpe(space, seed), recalling = make_tpe(space, seed);
    base::Random random(seed, 77);
    for (int k = 0; k < 40; ++k) {
      const Configuration past = space.sample(random);
      recalling->recall(past, {{.value = bowl(past)}});
    }
    for (const Configuration& suggested : run(*plain, bowl, 10)) cold += *bowl(suggested) / 200;
    for (const Configuration& suggested : run(*recalling, bowl, 10)) warm += *bowl(suggested) / 200;
  }
  EXPECT_GT(warm, cold / 3) << cold;
}

}  // namespace
}  // namespace sm2::sampler
