#include "report/downsample.h"

#include <cmath>
#include <numeric>

namespace sm2::report {
namespace {

Place mean(std::span<const Place> bucket) {
  Place sum;
  for (const Place& place : bucket) {
    sum.x += place.x / static_cast<double>(bucket.size());
    sum.y += place.y / static_cast<double>(bucket.size());
  }
  return sum;
}

double area(const Place& a, const Place& b, const Place& c) {  // twice
  return std::abs((a.x - c.x) * (b.y - a.y) - (a.x - b.x) * (c.y - a.y));
}

}  // namespace

std::vector<std::size_t> downsample(std::span<const Place> curve, std::size_t most) {
  std::vector<std::size_t> kept;
  if (curve.size() <= most) {
    kept.resize(curve.size());
    std::iota(kept.begin(), kept.end(), std::size_t{0});
    return kept;
  }
  const std::size_t buckets = most - 2, inner = curve.size() - 2;
  const auto begin = [&](std::size_t bucket) { return 1 + bucket * inner / buckets; };
  kept.push_back(0);
  for (std::size_t bucket = 0; bucket < buckets; ++bucket) {
    const std::size_t first = begin(bucket), end = begin(bucket + 1);
    const std::size_t next_end = bucket + 1 == buckets ? curve.size() : begin(bucket + 2);
    const Place ahead = mean(curve.subspan(end, next_end - end));
    std::size_t best = first;
    double largest = -1;
    for (std::size_t at = first; at < end; ++at) {
      const double here = area(curve[kept.back()], curve[at], ahead);
      if (here > largest) {
        largest = here;
        best = at;
      }
    }
    kept.push_back(best);
  }
  kept.push_back(curve.size() - 1);
  return kept;
}

}  // namespace sm2::report
