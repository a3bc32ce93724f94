// Random numbers that are the same on every machine: std::mt19937_64, whose output the standard fixes, and
// our own draws on top, because the standard's distributions differ between libraries. A stream number
// separates independent uses of one seed. Not for secrets.
#pragma once

#include <cmath>
#include <cstdint>
#include <random>
#include <utility>

namespace sm2::base {

class Random {
 public:
  explicit Random(std::uint64_t seed, std::uint64_t stream = 0) : engine_(mix(mix(seed) + stream)) {}

  std::uint64_t bits() { return engine_(); }
  double uniform() { return static_cast<double>(bits() >> 11) * 0x1.0p-53; }  // [0, 1)

  // Uniform over 0 .. count - 1; count > 0. Rejects the few values that would favour small indices.
  std::uint64_t index(std::uint64_t count) {
    const std::uint64_t surplus = (0 - count) % count;
    std::uint64_t drawn = bits();
    while (drawn < surplus) drawn = bits();
    return drawn % count;
  }

  // Mean 0, variance 1; the polar method (Marsaglia and Bray 1964). Keeps no second draw, so that what
  // follows depends on the engine alone.
  double normal() {
    double x = 0, square = 0;
    do {
      x = 2 * uniform() - 1;
      const double y = 2 * uniform() - 1;
      square = x * x + y * y;
    } while (square >= 1 || square == 0);
    return x * std::sqrt(-2 * std::log(square) / square);
  }

  template <class Items>
  void shuffle(Items& items) {
    for (std::size_t left = items.size(); left > 1; --left) std::swap(items[left - 1], items[index(left)]);
  }

 private:
  // SplitMix64's finaliser (Steele et al. 2014): neighbouring seeds give unrelated streams.
  static std::uint64_t mix(std::uint64_t x) {
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
  }

  std::mt19937_64 engine_;
};

}  // namespace sm2::base
