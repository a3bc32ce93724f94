#include "exchange/optuna_distribution.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace sm2::exchange {
namespace {

using space::Categorical;
using space::Integer;
using space::Real;
using space::Value;

nlohmann::json attributes(const space::Domain& domain) { return optuna_distribution(domain)["attributes"]; }

TEST(OptunaDistribution, IsOfTheDomainsKind) {
  EXPECT_EQ(optuna_distribution(Integer{1, 9, 2})["name"], "IntDistribution");
  EXPECT_EQ(attributes(Integer{1, 9, 2}),
            nlohmann::json::parse(R"({"log": false, "step": 2, "low": 1, "high": 9})"));
  EXPECT_EQ(optuna_distribution(Real{0.5, 1})["name"], "FloatDistribution");
  EXPECT_EQ(attributes(Real{0.5, 1, {}, space::Scale::kLog}),
            nlohmann::json::parse(R"({"step": null, "low": 0.5, "high": 1.0, "log": true})"));
  EXPECT_EQ(attributes(Categorical{{std::string("a"), std::int64_t{2}, 2.5, true}}),
            nlohmann::json::parse(R"({"choices": ["a", 2, 2.5, true]})"));
}

TEST(OptunaDistribution, StepsAsOptunaTakesThem) {
  EXPECT_EQ(attributes(Integer{1, 10, 4})["high"], 9) << "the last that a step leads to";
  EXPECT_EQ(attributes(Real{0, 1, 0.3})["high"], 0.9);
  EXPECT_EQ(attributes(Real{0, 0.3, 0.1})["high"], 0.3);
  EXPECT_EQ(attributes(Integer{1, 64, 3, space::Scale::kLog})["step"], 1) << "none on a log scale";
  EXPECT_TRUE(attributes(Real{1, 64, 3.0, space::Scale::kLog})["step"].is_null());
}

TEST(OptunaDistribution, ValuesComeBack) {
  const Categorical choices{{std::string("a"), std::int64_t{1}, true}};
  for (const auto& [domain, value] :
       std::vector<std::pair<space::Domain, Value>>{{Integer{1, 9, 2}, std::int64_t{7}},
                                                    {Real{0, 1}, 0.25},
                                                    {choices, true},
                                                    {choices, std::string("a")}}) {
    const auto back = value_of_optuna(optuna_distribution(domain).dump(), optuna_number(domain, value));
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(*back, value);
  }
}

TEST(OptunaDistribution, EarlierVersionsAreReadAndNonsenseIsNot) {
  EXPECT_EQ(*value_of_optuna(R"({"name":"LogUniformDistribution","attributes":{"low":0.1,"high":1}})", 0.5),
            Value(0.5));
  EXPECT_EQ(
      *value_of_optuna(R"({"name":"IntUniformDistribution","attributes":{"low":1,"high":9,"step":1}})", 3),
      Value(std::int64_t{3}));
  EXPECT_EQ(*value_of_optuna(R"({"type":"categorical","choices":["a","b"]})", 1), Value(std::string("b")));
  const char* null = R"({"name":"CategoricalDistribution","attributes":{"choices":[null]}})";
  EXPECT_EQ(*value_of_optuna(null, 0), Value(std::string("null")));
  for (const char* nonsense :
       {"", "[]", "{}", R"({"name":"CategoricalDistribution","attributes":{"choices":[]}})"})
    EXPECT_FALSE(value_of_optuna(nonsense, 0)) << nonsense;
  const char* two = R"({"name":"CategoricalDistribution","attributes":{"choices":[1,2]}})";
  for (const double number : {-1.0, 2.0, 1e300, std::nan("")})
    EXPECT_FALSE(value_of_optuna(two, number)) << number;
  const char* whole = R"({"name":"IntDistribution","attributes":{}})";
  for (const double number : {1e300, std::nan("")}) EXPECT_FALSE(value_of_optuna(whole, number)) << number;
}

}  // namespace
}  // namespace sm2::exchange
