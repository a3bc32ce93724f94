#include "space/space.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <unordered_set>

#include "space/unit.h"

namespace sm2::space {
namespace {

Parameter optimizer() { return {"optimizer", Categorical{{"sgd", "adam"}}, {}}; }
Parameter momentum() {
  return {"momentum", Real{0.8, 0.99, {}, Scale::kLinear},
          Condition{"optimizer", {Value(std::string("sgd"))}}};
}
Parameter batch_size() {
  return {"batch_size", Categorical{{Value(std::int64_t{16}), Value(std::int64_t{32})}}, {}};
}

Space make(std::vector<Parameter> parameters) { return Space::make(std::move(parameters)).value(); }

std::string complaint(std::vector<Parameter> parameters) {
  return Space::make(std::move(parameters)).error().message;
}

TEST(Space, SamplesLieInsideAndRespectConditions) {
  const Space space = make({momentum(),
                            optimizer(),
                            {"rate", Real{1e-4, 1, {}, Scale::kLog}, {}},
                            {"layers", Integer{2, 10, 2, Scale::kLinear}, {}},
                            {"width", Integer{1, 1000, 1, Scale::kLog}, {}},
                            {"dropout", Real{0, 0.5, 0.1, Scale::kLinear}, {}}});
  base::Random random(5);
  std::set<std::string> seen;
  for (int draw = 0; draw < 2000; ++draw) {
    const Configuration configuration = space.sample(random);
    ASSERT_TRUE(space.contains(configuration)) << describe(configuration);
    EXPECT_EQ(configuration.contains("momentum"), configuration.at("optimizer") == Value(std::string("sgd")));
    seen.insert(to_text(configuration.at("layers")));
  }
  EXPECT_EQ(seen, (std::set<std::string>{"2", "4", "6", "8", "10"}));
}

TEST(Space, LogScaleSpreadsDrawsEvenlyOverDecades) {
  base::Random random(1);
  int lowest_decade = 0, ones = 0;
  for (int draw = 0; draw < 10000; ++draw) {
    lowest_decade += std::get<double>(sample(Real{1e-4, 1, {}, Scale::kLog}, random)) < 1e-3;
    ones += std::get<std::int64_t>(sample(Integer{1, 1000, 1, Scale::kLog}, random)) == 1;
  }
  EXPECT_NEAR(lowest_decade, 2500, 150);
  EXPECT_NEAR(ones, 10000 * std::log(1.5 / 0.5) / std::log(1000.5 / 0.5), 150);
}

TEST(Space, SteppedRealsDrawEndsAsOftenAsTheRest) {
  base::Random random(1);
  int ends = 0;
  for (int draw = 0; draw < 10000; ++draw) {
    const double drawn = std::get<double>(sample(Real{0, 1, 0.25, Scale::kLinear}, random));
    ends += drawn == 0 || drawn == 1;
  }
  EXPECT_NEAR(ends, 4000, 200);
}

TEST(Space, GridCoversEveryCombinationOnce) {
  const Space space = make({batch_size(), optimizer(), momentum()});
  const auto grid = space.grid(3, 100).value();
  EXPECT_EQ(grid.size(), 2u * (1 + 3));  // adam alone, sgd with three momenta
  for (const auto& configuration : grid) EXPECT_TRUE(space.contains(configuration));
  EXPECT_EQ(std::set(grid.begin(), grid.end()).size(), grid.size());
  EXPECT_FALSE(space.grid(3, 7));
}

TEST(Space, GridOfALogRangeIsGeometricWithItsEnds) {
  const auto values = grid(Real{0.001, 1, {}, Scale::kLog}, 4);
  ASSERT_EQ(values.size(), 4u);
  EXPECT_DOUBLE_EQ(std::get<double>(values[0]), 0.001);
  EXPECT_NEAR(std::get<double>(values[1]), 0.01, 1e-12);
  EXPECT_DOUBLE_EQ(std::get<double>(values[3]), 1);
}

TEST(Space, GridsAreOfNumbersThatAPersonWouldWrite) {
  const auto decades = grid(Real{1e-5, 1, {}, Scale::kLog}, 6);
  EXPECT_EQ(decades, (std::vector<Value>{1e-5, 1e-4, 1e-3, 0.01, 0.1, 1.0}));
  const auto between = grid(Real{0.001, 0.1, {}, Scale::kLog}, 5);
  EXPECT_NEAR(std::get<double>(between[1]), std::sqrt(1e-5), 1e-14) << "no more than the last digits";
  const Real odd{0.1 + 0.2, 0.7 - 0.1 + 1e-16, {}, Scale::kLog};
  for (const Value& value : grid(odd, 7)) EXPECT_TRUE(contains(odd, value));
  EXPECT_EQ(grid(odd, 7).front(), Value(odd.low)) << "the ends are as they were given";
  EXPECT_EQ(grid(odd, 7).back(), Value(odd.high));
}

TEST(Space, RefusesTheImpossibleWithTheRemedy) {
  EXPECT_EQ(complaint({{"x", Real{1, 0.5, {}, Scale::kLinear}, {}}}),
            "x: low = 1 must be below high = 0.5; for a single value write values = [1]");
  EXPECT_EQ(complaint({{"x", Real{0, 1, {}, Scale::kLog}, {}}}), "x: low = 0 must be above 0 on a log scale");
  EXPECT_EQ(complaint({{"x", Categorical{{}}, {}}}), "x: values is empty; give at least one");
  EXPECT_EQ(complaint({optimizer(), optimizer()}), "optimizer: the name is used twice");
  EXPECT_EQ(complaint({momentum()}), "momentum: when names 'optimizer', which is no parameter");
  EXPECT_EQ(complaint({optimizer(),
                       {"m", Real{0, 1, {}, Scale::kLinear}, Condition{"optimizer", {Value("sgdd")}}}}),
            "m: when asks for optimizer = sgdd, which optimizer can never be");
  EXPECT_EQ(complaint({{"a", Categorical{{true, false}}, Condition{"b", {Value(true)}}},
                       {"b", Categorical{{true, false}}, Condition{"a", {Value(true)}}}}),
            "a: its condition depends on itself, through b");
}

TEST(Space, CardinalityCountsOnlyWhatIsFinite) {
  EXPECT_EQ(make({batch_size(), optimizer()}).cardinality(), 4u);
  EXPECT_EQ(make({batch_size(), {"layers", Integer{2, 10, 2, Scale::kLinear}, {}}}).cardinality(), 10u);
  EXPECT_EQ(make({optimizer(), momentum()}).cardinality(), std::nullopt);
}

TEST(Space, AsManyValuesAsThereAreNumbersAreNotNone) {
  using Limits = std::numeric_limits<std::int64_t>;
  const Domain all = Integer{Limits::min(), Limits::max(), 1, Scale::kLinear};
  EXPECT_EQ(cardinality(all), std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(make({{"x", all, {}}}).cardinality(), std::nullopt);
  EXPECT_EQ(grid(all, 2), (std::vector<Value>{Limits::min(), Limits::max()}));
  EXPECT_EQ(from_unit(all, 0), Value(Limits::min()));
  EXPECT_EQ(from_unit(all, 1), Value(Limits::max()));
  EXPECT_EQ(cardinality(Real{0, 1, 1e-300, Scale::kLinear}), std::numeric_limits<std::uint64_t>::max());
}

TEST(Space, WithoutTakesDependentsAlong) {
  EXPECT_EQ(make({momentum(), optimizer(), batch_size()}).without("optimizer"), make({batch_size()}));
}

TEST(Configuration, HashesComparesAndSurvivesJson) {
  const Configuration a = {
      {"batch_size", std::int64_t{64}}, {"rate", 0.1}, {"name", "x y\n\"z\""}, {"flag", true}};
  const Configuration b = configuration_from_json(nlohmann::json::parse(to_json(a).dump()));
  EXPECT_EQ(a, b);
  EXPECT_EQ(ConfigurationHash()(a), ConfigurationHash()(b));
  std::unordered_set<Configuration, ConfigurationHash> set = {a, b};
  EXPECT_EQ(set.size(), 1u);
  Configuration c = a;
  c["rate"] = 0.1000000000000001;
  EXPECT_NE(a, c);
  set.insert(c);
  EXPECT_EQ(set.size(), 2u);
}

TEST(Value, TextIsShortestThatReadsBack) {
  EXPECT_EQ(to_text(0.1), "0.1");
  EXPECT_EQ(to_text(1e-4), "0.0001");
  EXPECT_EQ(to_text(std::int64_t{512}), "512");
  EXPECT_EQ(to_text(true), "true");
  EXPECT_EQ(to_text("a b"), "a b");
}

}  // namespace
}  // namespace sm2::space
