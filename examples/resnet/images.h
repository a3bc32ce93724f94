// CIFAR-10 or Fashion-MNIST as tensors on the device: bytes of N x channels x side x side, labels of N
// integers.
//
// The validation images are the first ones of the training files and the training images follow them, so that
// they stay the same whatever the number of training images. Test images come from the test file; where there
// is none, they are the last ones of the training files. They are never used to choose.
//
// Errors: DataError where fewer images are there than asked for.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace resnet {

struct Examples {
  torch::Tensor images;
  torch::Tensor labels;
  std::int64_t size() const { return labels.size(0); }
};

struct Counts {
  std::optional<std::int64_t> training;    // all that is left
  std::optional<std::int64_t> validation;  // a tenth of the training files
  std::optional<std::int64_t>
      test;  // all of the test file, or a tenth of the training files where there is none
};

struct Data {
  Examples training, validation, test;
  std::vector<float> mean, deviation;  // of each channel, as shares of 255
};

// source: cifar10 or fashion-mnist, with :PATH or without.
Data load(const std::string& source, const Counts& counts, torch::Device device);

}  // namespace resnet
