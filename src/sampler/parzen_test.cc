#include "sampler/parzen.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

namespace sm2::sampler {
namespace {

using space::Configuration;

space::Space finite() {  // with an ordered, a named and a conditional parameter
  return *space::Space::make(
      {{"layers", space::Integer{1, 4, 1, space::Scale::kLinear}, {}},
       {"optimizer", space::Categorical{{"sgd", "adam", "lamb"}}, {}},
       {"momentum", space::Real{0, 1, 0.25, space::Scale::kLinear}, space::Condition{"optimizer", {"sgd"}}}});
}

struct Mixture {
  space::Space space = finite();
  Coordinates coordinates{space};
  Parzen parzen{coordinates};
  std::vector<double> weights = {1, 2, 0.5};

  Mixture() {
    parzen.set_widths({0.2, 0.3, 0.25});
    parzen.add(row({{"layers", std::int64_t{1}}, {"optimizer", "sgd"}, {"momentum", 0.75}}));
    parzen.add(row({{"layers", std::int64_t{3}}, {"optimizer", "adam"}}));
    parzen.add(row({{"layers", std::int64_t{4}}, {"optimizer", "lamb"}}));
  }

  Row row(const Configuration& configuration) const { return coordinates.row(configuration); }
  double probability(const Configuration& configuration) const {
    return std::exp(parzen.log_density(row(configuration), {1, 0, weights})) / 4.5;
  }
};

TEST(Parzen, IsAProbabilityOverAConditionalSpace) {
  const Mixture mixture;
  const std::vector<Configuration> grid = mixture.space.grid(10, 1000).value();
  double sum = 0;
  for (const Configuration& configuration : grid) sum += mixture.probability(configuration);
  EXPECT_NEAR(sum, 1, 1e-9);
}

TEST(Parzen, DrawsAsOftenAsItsDensitySays) {
  const Mixture mixture;
  constexpr int kDraws = 40000;
  base::Random random(1);
  std::map<Configuration, int> drawn;
  for (int draw = 0; draw < kDraws; ++draw) ++drawn[mixture.parzen.sample({1, 0, mixture.weights}, random)];
  const std::vector<Configuration> grid = mixture.space.grid(10, 1000).value();
  for (const Configuration& configuration : grid) {
    const double expected = mixture.probability(configuration);
    const double deviation = std::sqrt(expected / kDraws);
    EXPECT_NEAR(static_cast<double>(drawn[configuration]) / kDraws, expected, 5 * deviation)
        << space::describe(configuration);
  }
}

TEST(Parzen, OfARealParameterIntegratesToOne) {
  const space::Space space =
      *space::Space::make({{"rate", space::Real{1e-4, 1, {}, space::Scale::kLog}, {}}});
  const Coordinates coordinates(space);
  Parzen parzen(coordinates);
  parzen.add({0.02});
  parzen.set_widths({0.05});
  parzen.add({0.6});
  const std::vector<double> weights = {1, 1};
  double integral = 0;
  constexpr int kCells = 20000;
  for (int cell = 0; cell < kCells; ++cell)
    integral += std::exp(parzen.log_density({(cell + 0.5) / kCells}, {1, 0, weights})) / 3 / kCells;
  EXPECT_NEAR(integral, 1, 1e-6);
}

TEST(Parzen, LooksAtRowsFromTheFirstOnOnly) {
  const Mixture mixture;
  const std::vector<double> last = {0.5}, last_alone = {0, 0, 0.5};
  const Row point = mixture.row({{"layers", std::int64_t{2}}, {"optimizer", "lamb"}});
  EXPECT_DOUBLE_EQ(mixture.parzen.log_density(point, {1, 2, last}),
                   mixture.parzen.log_density(point, {1, 0, last_alone}));
}

TEST(Coordinates, ManyValuesMakeARealAxisAndFewAnOrderedOne) {
  const space::Space space =
      *space::Space::make({{"few", space::Integer{1, 8, 1, space::Scale::kLog}, {}},
                           {"many", space::Integer{1, 1000, 1, space::Scale::kLinear}, {}},
                           {"sizes", space::Categorical{{std::int64_t{64}, std::int64_t{16}}}, {}},
                           {"names", space::Categorical{{"b", "a"}}, {}}});
  const Coordinates coordinates(space);
  EXPECT_EQ(coordinates.axes()[0].kind, Axis::Kind::kOrdered);
  EXPECT_EQ(coordinates.axes()[1].kind, Axis::Kind::kReal);
  EXPECT_EQ(coordinates.axes()[2].kind, Axis::Kind::kOrdered);
  EXPECT_EQ(coordinates.axes()[3].kind, Axis::Kind::kNamed);
  const Row row = coordinates.row(
      {{"few", std::int64_t{3}}, {"many", std::int64_t{1000}}, {"sizes", std::int64_t{64}}, {"names", "b"}});
  EXPECT_EQ(row[0], 2);
  EXPECT_NEAR(row[1], 1, 1e-3);
  EXPECT_EQ(row[2], 1);
  EXPECT_EQ(row[3], 0);
  for (std::size_t place = 0; place < 8; ++place)
    EXPECT_EQ(coordinates.axes()[0].cell(coordinates.axes()[0].units[place]), place);
}

}  // namespace
}  // namespace sm2::sampler
