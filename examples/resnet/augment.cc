#include "augment.h"

#include <torch/nn/functional/padding.h>
#include <torch/utils.h>

namespace resnet {

namespace {

constexpr std::int64_t kShift = 4;

// N x length: the positions in the padded image that each image takes.
torch::Tensor positions(std::int64_t count, std::int64_t length) {
  return torch::randint(2 * kShift + 1, {count, 1}, torch::kLong) + torch::arange(length);
}

}  // namespace

torch::Tensor augmented(const torch::Tensor& images) {
  const std::int64_t count = images.size(0), height = images.size(2), width = images.size(3);
  const torch::Tensor rows = positions(count, height);
  torch::Tensor columns = positions(count, width);
  columns = torch::where(torch::rand({count, 1}) < 0.5, columns.flip(1), columns);
  namespace F = torch::nn::functional;
  const auto padded = F::pad(images, F::PadFuncOptions({kShift, kShift, kShift, kShift}));
  const auto device = images.device();
  return padded.index({torch::arange(count, torch::kLong).view({-1, 1, 1, 1}).to(device),
                       torch::arange(images.size(1), torch::kLong).view({1, -1, 1, 1}).to(device),
                       rows.view({count, 1, height, 1}).to(device),
                       columns.view({count, 1, 1, width}).to(device)});
}

}  // namespace resnet
