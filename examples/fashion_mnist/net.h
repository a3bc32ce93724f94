// A small residual network (He et al., arXiv 1512.03385) for images of 1 x 28 x 28: a stem that halves the
// image, one residual block of `width` channels, two that halve it again and double the channels, the mean
// over what is left of the image, and a linear layer to 10 classes.
#pragma once

#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/linear.h>

#include <cstdint>

namespace fashion {

// relu(norm(conv(relu(norm(conv(x))))) + shortcut(x)); the shortcut is a 1 x 1 convolution where the shape
// changes.
class BlockImpl : public torch::nn::Module {
 public:
  BlockImpl(std::int64_t in, std::int64_t out, std::int64_t stride);
  torch::Tensor forward(const torch::Tensor& x);

 private:
  torch::nn::Conv2d conv1_, conv2_, shortcut_{nullptr};
  torch::nn::BatchNorm2d norm1_, norm2_;
};
TORCH_MODULE(Block);

class NetImpl : public torch::nn::Module {
 public:
  explicit NetImpl(std::int64_t width);
  torch::Tensor forward(const torch::Tensor& images);  // logits, N x 10

 private:
  torch::nn::Conv2d stem_;
  torch::nn::BatchNorm2d norm_;
  Block block1_, block2_, block3_;
  torch::nn::Linear head_;
};
TORCH_MODULE(Net);

}  // namespace fashion
