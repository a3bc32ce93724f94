#include <gtest/gtest.h>

#include <array>
#include <set>

#include "sampler/table.h"

namespace sm2::sampler {
namespace {

using space::Categorical;
using space::Real;
using space::Scale;

constexpr std::size_t kTable = 21;  // dimensions of the sequence

space::Space cube(std::size_t dimensions) {
  std::vector<space::Parameter> parameters;
  for (std::size_t at = 0; at < dimensions; ++at)
    parameters.push_back({"x" + std::to_string(at), Real{0, 1, {}, Scale::kLinear}, {}});
  return *space::Space::make(std::move(parameters));
}

using Points = std::vector<std::vector<double>>;  // by point, then by dimension

Points points(std::size_t dimensions, int count, std::uint64_t seed) {
  const auto sampler = make_sobol(cube(dimensions), seed);
  Points drawn;
  for (int id = 0; id < count; ++id) {
    const auto configuration = sampler->suggest(id);
    drawn.emplace_back();
    for (std::size_t at = 0; at < dimensions; ++at)
      drawn.back().push_back(std::get<double>(configuration.at("x" + std::to_string(at))));
  }
  return drawn;
}

// Whether every cell of width 2^-across by 2^-up holds equally many points.
bool even(const Points& drawn, std::size_t x, std::size_t y, int across, int up) {
  std::vector<std::size_t> cells(std::size_t{1} << (across + up));
  for (const auto& point : drawn) {
    const auto column = static_cast<std::size_t>(point[x] * (1 << across));
    const auto row = static_cast<std::size_t>(point[y] * (1 << up));
    ++cells[(column << up) + row];
  }
  return std::set<std::size_t>(cells.begin(), cells.end()).size() == 1;
}

TEST(Sobol, EveryDimensionFillsItsCellsEvenly) {
  for (const std::uint64_t seed : {0, 1, 2}) {
    const Points drawn = points(kTable, 256, seed);
    for (std::size_t at = 0; at < kTable; ++at) EXPECT_TRUE(even(drawn, at, at == 0, 8, 0)) << at;
  }
}

TEST(Sobol, TheFirstTwoDimensionsFillEveryElementaryRectangle) {
  const Points drawn = points(2, 256, 5);  // a (0, 8, 2)-net
  for (int across = 0; across <= 8; ++across) EXPECT_TRUE(even(drawn, 0, 1, across, 8 - across)) << across;
}

// The quality t of a plane of Joe and Kuo's sequence is at most 5 for its first 21 dimensions at 2^10 points:
// rectangles of area 2^(t - 10) are filled evenly.
TEST(Sobol, EveryPlaneFillsItsCoarserRectangles) {
  const Points drawn = points(kTable, 1024, 3);
  for (std::size_t x = 0; x < kTable; ++x)
    for (std::size_t y = 0; y < x; ++y)
      for (int across = 0; across <= 5; ++across)
        ASSERT_TRUE(even(drawn, x, y, across, 5 - across)) << x << " " << y << " " << across;
}

TEST(Sobol, IntegratesBetterThanRandomDraws) {
  const auto error = [](const std::unique_ptr<Sampler>& sampler) {
    double sum = 0;
    for (int id = 0; id < 1024; ++id) {
      double product = 1;
      for (const auto& [name, value] : sampler->suggest(id)) product *= 2 * std::get<double>(value);
      sum += product;
    }
    return std::abs(sum / 1024 - 1);
  };
  double ours = 0, random = 0;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    ours += error(make_sobol(cube(5), seed));
    random += error(make_random(cube(5), seed));
  }
  EXPECT_LT(ours, random / 4);
}

TEST(Sobol, SeedsGiveDifferentSequencesAndOneSeedTheSame) {
  EXPECT_EQ(points(3, 10, 1), points(3, 10, 1));
  EXPECT_NE(points(3, 10, 1), points(3, 10, 2));
}

TEST(Sobol, DimensionsBeyondTheTableAreRandom) {
  const Points drawn = points(kTable + 2, 256, 4);
  double mean = 0;
  for (const auto& point : drawn) mean += point[kTable] / 256;
  EXPECT_NEAR(mean, 0.5, 0.1);
  EXPECT_FALSE(even(drawn, kTable, kTable + 1, 8, 0));
}

TEST(Sobol, ChoicesAreTriedEquallyOften) {
  const auto space = *space::Space::make({{"optimizer", Categorical{{0.1, 0.2, 0.3, 0.4}}, {}}});
  const auto sampler = make_sobol(space, 9);
  std::map<space::Value, int> seen;
  for (int id = 0; id < 64; ++id) ++seen[sampler->suggest(id).at("optimizer")];
  for (const auto& [value, count] : seen) EXPECT_EQ(count, 16);
}

}  // namespace
}  // namespace sm2::sampler
