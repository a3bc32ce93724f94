#include "exchange/fitting.h"

#include <gtest/gtest.h>

namespace sm2::exchange {
namespace {

using space::Value;

space::Space space() {
  return space::Space::make(
             {{"batch", space::Categorical{{std::int64_t{32}, std::int64_t{64}}}, {}},
              {"rate", space::Real{0.001, 1}, {}},
              {"kind", space::Categorical{{std::string("adam"), std::string("sgd")}}, {}},
              {"momentum", space::Real{0, 0.9}, space::Condition{"kind", {std::string("sgd")}}}})
      .value();
}

TEST(Fitting, TakesValuesThatAreWrittenOtherwise) {
  const space::Space s = space();
  Fitting fitting(s);
  const auto found = fitting.fit({{"batch", 64.0},
                                  {"rate", std::int64_t{1}},
                                  {"kind", std::string("sgd")},
                                  {"momentum", std::string("0.5")}});
  ASSERT_TRUE(found);
  EXPECT_EQ(
      *found,
      (space::Configuration{
          {"batch", std::int64_t{64}}, {"rate", 1.0}, {"kind", std::string("sgd")}, {"momentum", 0.5}}));
  EXPECT_TRUE(fitting.faults().empty());
}

TEST(Fitting, SaysInALineEachWhatDoesNotFit) {
  const space::Space s = space();
  Fitting fitting(s);
  const std::map<std::string, Value> good = {
      {"batch", std::int64_t{32}}, {"rate", 0.1}, {"kind", std::string("adam")}};
  const auto with = [&](const char* name, Value value) {
    auto values = good;
    values[name] = std::move(value);
    return values;
  };
  auto missing = good;
  missing.erase("rate");
  EXPECT_FALSE(fitting.fit(with("width", 3.0)));
  EXPECT_FALSE(fitting.fit(with("batch", std::int64_t{128})));
  EXPECT_FALSE(fitting.fit(with("batch", std::string("many"))));
  EXPECT_FALSE(fitting.fit(with("rate", 2.0)));
  EXPECT_FALSE(fitting.fit(missing));
  EXPECT_FALSE(fitting.fit(with("momentum", 0.5))) << "adam has none";
  EXPECT_EQ(fitting.faults(),
            (std::vector<std::string>{
                "1 trial left out: parameters exist, or are missing, against the space's conditions",
                "1 trial left out: parameter 'rate' is missing",
                "2 trials left out: parameter 'batch' has values outside of the space, as 128",
                "1 trial left out: parameter 'rate' has values outside of the space, as 2",
                "1 trial left out: parameter 'width' is not in the space"}));
}

}  // namespace
}  // namespace sm2::exchange
