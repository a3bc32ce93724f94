// Stacked LSTM layers (Hochreiter and Schmidhuber 1997) over a window of a series, and a linear layer from
// the last hidden state to the forecast. Dropout between the layers and before the linear one.
#pragma once

#include <torch/nn/modules/dropout.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/rnn.h>

#include <cstdint>

namespace lstm {

struct Shape {
  std::int64_t inputs = 1;
  std::int64_t outputs = 1;
  std::int64_t hidden = 64;
  std::int64_t layers = 1;
  double dropout = 0.1;
};

class NetImpl : public torch::nn::Module {
 public:
  explicit NetImpl(const Shape& shape);
  torch::Tensor forward(const torch::Tensor& windows);  // moments x samples x inputs -> samples x outputs

 private:
  torch::nn::LSTM lstm_;
  torch::nn::Dropout dropout_;
  torch::nn::Linear head_;
};
TORCH_MODULE(Net);

}  // namespace lstm
