// `sobol`: a quasi-random sequence that fills the space more evenly than random draws do: of any 2^m points
// in a row that start at a multiple of 2^m, every one-dimensional cell of width 2^-m holds exactly one.
//
// x_n = x_(n-1) xor v_c, c the place of the lowest zero bit of n - 1 (Antonov and Saleev 1979), with the
// direction numbers of Joe and Kuo (SIAM J. Sci. Comput. 30, 2008: new-joe-kuo-6.21201). The seed scrambles
// it without harm to that evenness: a random lower triangular matrix over the bits of each dimension, and a
// digital shift (Matousek 1998).
//
// A parameter is a dimension, active or not; those beyond the table are random. It learns nothing, so tells
// are ignored.
#include <array>
#include <bit>
#include <cstdint>
#include <vector>

#include "base/random.h"
#include "sampler/complete.h"
#include "sampler/table.h"

namespace sm2::sampler {
namespace {

constexpr int kBits = 32;

struct Polynomial {  // x^degree + ... + 1 over two elements; `inner` holds the coefficients in between
  int degree;
  std::uint32_t inner;
  std::array<std::uint32_t, 7> first;  // the first `degree` direction numbers, odd, the i-th below 2^i
};

// Of the second dimension and on; the first is the van der Corput sequence.
constexpr Polynomial kTable[] = {
    {1, 0, {1}},
    {2, 1, {1, 3}},
    {3, 1, {1, 3, 1}},
    {3, 2, {1, 1, 1}},
    {4, 1, {1, 1, 3, 3}},
    {4, 4, {1, 3, 5, 13}},
    {5, 2, {1, 1, 5, 5, 17}},
    {5, 4, {1, 1, 5, 5, 5}},
    {5, 7, {1, 1, 7, 11, 19}},
    {5, 11, {1, 1, 5, 1, 1}},
    {5, 13, {1, 1, 1, 3, 11}},
    {5, 14, {1, 3, 5, 5, 31}},
    {6, 1, {1, 3, 3, 9, 7, 49}},
    {6, 13, {1, 1, 1, 15, 21, 21}},
    {6, 16, {1, 3, 1, 13, 27, 49}},
    {6, 19, {1, 1, 1, 15, 7, 5}},
    {6, 22, {1, 3, 1, 15, 13, 25}},
    {6, 25, {1, 1, 5, 5, 19, 61}},
    {7, 1, {1, 3, 7, 11, 23, 15, 103}},
    {7, 4, {1, 3, 7, 13, 13, 15, 69}},
};
constexpr std::size_t kDimensions = 1 + std::size(kTable);

using Directions = std::array<std::uint32_t, kBits>;  // the most significant bit is the first binary place

Directions directions(std::size_t dimension) {
  Directions v{};
  if (dimension == 0) {
    for (int i = 0; i < kBits; ++i) v[i] = std::uint32_t{1} << (kBits - 1 - i);
    return v;
  }
  const auto& [degree, inner, first] = kTable[dimension - 1];
  for (int i = 0; i < degree; ++i) v[i] = first[i] << (kBits - 1 - i);
  for (int i = degree; i < kBits; ++i) {
    v[i] = v[i - degree] ^ (v[i - degree] >> degree);
    for (int k = 1; k < degree; ++k)
      if (inner >> (degree - 1 - k) & 1) v[i] ^= v[i - k];
  }
  return v;
}

// A place of the result is the same place of `v`, plus a random choice of the places before it.
void scramble(Directions& v, base::Random& random) {
  Directions scrambled = {};
  for (int place = 0; place < kBits; ++place) {
    const std::uint32_t own = std::uint32_t{1} << (kBits - 1 - place);
    const std::uint32_t before = place == 0 ? 0 : ~std::uint32_t{0} << (kBits - place);
    const std::uint32_t row = own | (static_cast<std::uint32_t>(random.bits() >> kBits) & before);
    for (int i = 0; i < kBits; ++i)
      if (std::popcount(v[i] & row) % 2) scrambled[i] |= own;
  }
  v = scrambled;
}

class Sobol final : public Sampler {
 public:
  Sobol(space::Space space, std::uint64_t seed) : space_(std::move(space)), random_(seed) {
    const std::size_t count = std::min(kDimensions, space_.parameters().size());
    for (std::size_t dimension = 0; dimension < count; ++dimension) {
      directions_.push_back(directions(dimension));
      scramble(directions_.back(), random_);
      point_.push_back(static_cast<std::uint32_t>(random_.bits() >> kBits));
    }
  }

  space::Configuration suggest(int) override {
    std::vector<double> units;
    for (const std::uint32_t coordinate : point_) units.push_back((coordinate + 0.5) * 0x1.0p-32);
    while (units.size() < space_.parameters().size()) units.push_back(random_.uniform());
    advance();
    return from_units(space_, units);
  }

  void tell(int, const Observation&) override {}

 private:
  void advance() {
    const int lowest_zero = std::countr_one(drawn_++);
    for (std::size_t dimension = 0; dimension < point_.size(); ++dimension)
      point_[dimension] ^= directions_[dimension][lowest_zero % kBits];
  }

  space::Space space_;
  base::Random random_;
  std::vector<Directions> directions_;
  std::vector<std::uint32_t> point_;
  std::uint32_t drawn_ = 0;
};

}  // namespace

std::unique_ptr<Sampler> make_sobol(const space::Space& space, std::uint64_t seed) {
  return std::make_unique<Sobol>(space, seed);
}

}  // namespace sm2::sampler
