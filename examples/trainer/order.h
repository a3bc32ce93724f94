// The order of the training samples of an epoch: it follows from the seed and the epoch alone.
#pragma once

#include <torch/types.h>

#include <cstdint>

namespace trainer {

torch::Tensor shuffled(std::int64_t size, std::int64_t seed, std::int64_t epoch);  // int64, on the CPU

}  // namespace trainer
