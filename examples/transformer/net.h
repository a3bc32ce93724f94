// A decoder-only Transformer (Vaswani et al. 2017) with the normalisation before each part (Xiong et al.
// 2020):
//
//   x = x + attention(norm(x));  x = x + mlp(norm(x)),  mlp: width -> 4 width, GELU -> width
//
// Attention is causal: a position sees itself and what is before it. Positions are learned. The head is the
// embedding's matrix (Press and Wolf 2017). Weights start as in GPT-2: deviation 0.02, at the end of each
// part over sqrt(2 layers).
#pragma once

#include <torch/nn/modules/container/modulelist.h>
#include <torch/nn/modules/dropout.h>
#include <torch/nn/modules/embedding.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/normalization.h>

#include <cstdint>

namespace transformer {

struct Shape {
  std::int64_t vocabulary = 256;
  std::int64_t context = 64;  // tokens
  std::int64_t layers = 2;
  std::int64_t width = 128;  // a multiple of heads
  std::int64_t heads = 4;
  double dropout = 0.1;
};

class BlockImpl : public torch::nn::Module {
 public:
  explicit BlockImpl(const Shape& shape);
  torch::Tensor forward(const torch::Tensor& x, const torch::Tensor& mask);  // x: samples x context x width

 private:
  torch::Tensor attention(const torch::Tensor& x, const torch::Tensor& mask);

  std::int64_t heads_;
  torch::nn::LayerNorm norm1_, norm2_;
  torch::nn::Linear query_key_value_, out_, up_, down_;
  torch::nn::Dropout dropout_;
};
TORCH_MODULE(Block);

class NetImpl : public torch::nn::Module {
 public:
  explicit NetImpl(const Shape& shape);
  torch::Tensor forward(
      const torch::Tensor& tokens);  // samples x (at most context) -> logits, with the vocabulary last

 private:
  void initialise(std::int64_t layers);

  torch::nn::Embedding embedding_;
  torch::nn::Dropout dropout_;
  torch::nn::ModuleList blocks_;
  torch::nn::LayerNorm norm_;
  torch::Tensor positions_;  // context x width
  torch::Tensor mask_;       // 0 where a position may look, else minus infinity
};
TORCH_MODULE(Net);

}  // namespace transformer
