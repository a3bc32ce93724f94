#include "net.h"

namespace fashion {

namespace {

torch::nn::Conv2d conv3x3(std::int64_t in, std::int64_t out, std::int64_t stride) {
  return torch::nn::Conv2d(torch::nn::Conv2dOptions(in, out, 3).stride(stride).padding(1).bias(false));
}

}  // namespace

BlockImpl::BlockImpl(std::int64_t in, std::int64_t out, std::int64_t stride)
    : conv1_(register_module("conv1", conv3x3(in, out, stride))),
      conv2_(register_module("conv2", conv3x3(out, out, 1))),
      norm1_(register_module("norm1", torch::nn::BatchNorm2d(out))),
      norm2_(register_module("norm2", torch::nn::BatchNorm2d(out))) {
  if (stride != 1 || in != out) {
    shortcut_ = register_module(
        "shortcut", torch::nn::Conv2d(torch::nn::Conv2dOptions(in, out, 1).stride(stride).bias(false)));
  }
}

torch::Tensor BlockImpl::forward(const torch::Tensor& x) {
  auto y = norm1_(conv1_(x)).relu_();
  y = norm2_(conv2_(y));
  return y.add_(shortcut_.is_empty() ? x : shortcut_(x)).relu_();
}

NetImpl::NetImpl(std::int64_t width)
    : stem_(register_module("stem", conv3x3(1, width, 2))),
      norm_(register_module("norm", torch::nn::BatchNorm2d(width))),
      block1_(register_module("block1", Block(width, width, 1))),
      block2_(register_module("block2", Block(width, 2 * width, 2))),
      block3_(register_module("block3", Block(2 * width, 4 * width, 2))),
      head_(register_module("head", torch::nn::Linear(4 * width, 10))) {}

torch::Tensor NetImpl::forward(const torch::Tensor& images) {
  auto x = norm_(stem_(images)).relu_();
  x = block3_(block2_(block1_(x)));
  return head_(x.mean({2, 3}));
}

}  // namespace fashion
