#include "net.h"

#include <tuple>

namespace lstm {

namespace {

torch::nn::LSTM stacked(const Shape& shape) {
  return torch::nn::LSTM(torch::nn::LSTMOptions(shape.inputs, shape.hidden)
                             .num_layers(shape.layers)
                             .dropout(shape.layers > 1 ? shape.dropout : 0.0));
}

}  // namespace

NetImpl::NetImpl(const Shape& shape)
    : lstm_(register_module("lstm", stacked(shape))),
      dropout_(register_module("dropout", torch::nn::Dropout(shape.dropout))),
      head_(register_module("head", torch::nn::Linear(shape.hidden, shape.outputs))) {}

torch::Tensor NetImpl::forward(const torch::Tensor& windows) {
  const auto hidden = std::get<0>(lstm_(windows));
  return head_(dropout_(hidden[-1]));
}

}  // namespace lstm
