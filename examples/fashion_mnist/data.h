// Fashion-MNIST as tensors: images of N x 1 x 28 x 28 floats with mean 0 and deviation 1, labels of N
// integers. The validation images are the first ones of the training file and the training images follow
// them, so that the validation images stay the same whatever the number of training images. The test file is
// never used to choose.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <filesystem>

namespace fashion {

struct Examples {
  torch::Tensor images;
  torch::Tensor labels;
  std::int64_t size() const { return labels.size(0); }
};

struct TrainingData {
  Examples training;
  Examples validation;
};

// Fewer images than asked for is a DataError.
TrainingData load_training(const std::filesystem::path& folder, std::int64_t training,
                           std::int64_t validation);
Examples load_test(const std::filesystem::path& folder, std::int64_t images);

}  // namespace fashion
