// Residual networks for small images (He et al., arXiv 1512.03385): a 3 x 3 convolution as the stem, stages
// of basic blocks, the mean over what is left of the image, and a linear layer. The first stage has `width`
// channels; each further one halves the image and doubles them. Blocks 2,2,2,2 of width 64 are ResNet-18 as
// it is used on CIFAR-10.
#pragma once

#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/linear.h>

#include <cstdint>
#include <vector>

namespace resnet {

struct Shape {
  std::vector<std::int64_t> blocks = {2, 2, 2, 2};  // of each stage
  std::int64_t width = 64;
  std::int64_t stem_stride = 1;
  std::int64_t channels = 3;  // of the images
  std::int64_t classes = 10;
};

// relu(norm(conv(relu(norm(conv(x))))) + shortcut(x)); the shortcut is a normalised 1 x 1 convolution where
// the shape changes.
class BlockImpl : public torch::nn::Module {
 public:
  BlockImpl(std::int64_t in, std::int64_t out, std::int64_t stride);
  torch::Tensor forward(const torch::Tensor& x);

 private:
  torch::nn::Conv2d conv1_, conv2_;
  torch::nn::BatchNorm2d norm1_, norm2_;
  torch::nn::Sequential shortcut_{nullptr};
};
TORCH_MODULE(Block);

class NetImpl : public torch::nn::Module {
 public:
  explicit NetImpl(const Shape& shape);
  torch::Tensor forward(const torch::Tensor& images);  // logits, N x classes

 private:
  torch::nn::Conv2d stem_;
  torch::nn::BatchNorm2d norm_;
  torch::nn::Sequential stages_;
  torch::nn::Linear head_{nullptr};
};
TORCH_MODULE(Net);

}  // namespace resnet
