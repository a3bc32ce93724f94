#include "order.h"

#include <torch/utils.h>

#include <algorithm>
#include <numeric>
#include <random>

namespace trainer {

torch::Tensor shuffled(std::int64_t size, std::int64_t seed, std::int64_t epoch) {
  torch::Tensor order = torch::empty({size}, torch::kLong);
  std::int64_t* first = order.data_ptr<std::int64_t>();
  std::iota(first, first + size, 0);
  const auto bits = static_cast<std::uint64_t>(seed);
  std::seed_seq mixed{static_cast<std::uint64_t>(epoch), bits, bits >> 32};
  std::mt19937_64 random(mixed);
  std::shuffle(first, first + size, random);
  return order;
}

}  // namespace trainer
