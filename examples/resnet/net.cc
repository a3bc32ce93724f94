#include "net.h"

#include <torch/nn/init.h>

namespace resnet {

namespace {

torch::nn::Conv2d conv(std::int64_t in, std::int64_t out, std::int64_t size, std::int64_t stride) {
  torch::nn::Conv2d made(
      torch::nn::Conv2dOptions(in, out, size).stride(stride).padding(size / 2).bias(false));
  torch::nn::init::kaiming_normal_(made->weight, 0, torch::kFanOut, torch::kReLU);
  return made;
}

}  // namespace

BlockImpl::BlockImpl(std::int64_t in, std::int64_t out, std::int64_t stride)
    : conv1_(register_module("conv1", conv(in, out, 3, stride))),
      conv2_(register_module("conv2", conv(out, out, 3, 1))),
      norm1_(register_module("norm1", torch::nn::BatchNorm2d(out))),
      norm2_(register_module("norm2", torch::nn::BatchNorm2d(out))) {
  if (stride != 1 || in != out) {
    shortcut_ = register_module("shortcut",
                                torch::nn::Sequential(conv(in, out, 1, stride), torch::nn::BatchNorm2d(out)));
  }
}

torch::Tensor BlockImpl::forward(const torch::Tensor& x) {
  auto y = norm1_(conv1_(x)).relu_();
  y = norm2_(conv2_(y));
  return y.add_(shortcut_.is_empty() ? x : shortcut_->forward(x)).relu_();
}

NetImpl::NetImpl(const Shape& shape)
    : stem_(register_module("stem", conv(shape.channels, shape.width, 3, shape.stem_stride))),
      norm_(register_module("norm", torch::nn::BatchNorm2d(shape.width))) {
  std::int64_t in = shape.width, out = shape.width;
  for (std::size_t stage = 0; stage < shape.blocks.size(); ++stage) {
    for (std::int64_t block = 0; block < shape.blocks[stage]; ++block) {
      stages_->push_back(Block(in, out, stage > 0 && block == 0 ? 2 : 1));
      in = out;
    }
    out *= 2;
  }
  register_module("stages", stages_);
  head_ = register_module("head", torch::nn::Linear(in, shape.classes));
}

torch::Tensor NetImpl::forward(const torch::Tensor& images) {
  return head_(stages_->forward(norm_(stem_(images)).relu_()).mean({2, 3}));
}

}  // namespace resnet
