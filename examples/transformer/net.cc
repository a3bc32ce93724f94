#include "net.h"

#include <torch/nn/functional/activation.h>
#include <torch/nn/functional/linear.h>
#include <torch/nn/init.h>

#include <cmath>
#include <limits>
#include <string>

namespace transformer {

namespace {

constexpr double kDeviation = 0.02;
constexpr std::int64_t kExpansion = 4;

torch::nn::LayerNorm norm_of(std::int64_t width) {
  return torch::nn::LayerNorm(torch::nn::LayerNormOptions({width}));
}

}  // namespace

BlockImpl::BlockImpl(const Shape& shape)
    : heads_(shape.heads),
      norm1_(register_module("norm1", norm_of(shape.width))),
      norm2_(register_module("norm2", norm_of(shape.width))),
      query_key_value_(register_module("query_key_value", torch::nn::Linear(shape.width, 3 * shape.width))),
      out_(register_module("out", torch::nn::Linear(shape.width, shape.width))),
      up_(register_module("up", torch::nn::Linear(shape.width, kExpansion * shape.width))),
      down_(register_module("down", torch::nn::Linear(kExpansion * shape.width, shape.width))),
      dropout_(register_module("dropout", torch::nn::Dropout(shape.dropout))) {}

torch::Tensor BlockImpl::forward(const torch::Tensor& x, const torch::Tensor& mask) {
  const auto attended = x + dropout_(attention(norm1_(x), mask));
  const auto mixed = down_(torch::nn::functional::gelu(up_(norm2_(attended))));
  return attended + dropout_(mixed);
}

torch::Tensor BlockImpl::attention(const torch::Tensor& x, const torch::Tensor& mask) {
  const std::int64_t samples = x.size(0), tokens = x.size(1), width = x.size(2), depth = width / heads_;
  const auto parts = query_key_value_(x).view({samples, tokens, 3, heads_, depth}).permute({2, 0, 3, 1, 4});
  const auto flat = parts.reshape({3, samples * heads_, tokens, depth});
  const double scale = 1 / std::sqrt(static_cast<double>(depth));
  const auto scores = torch::baddbmm(mask, flat[0], flat[1].transpose(1, 2), /*beta=*/1, /*alpha=*/scale);
  const auto seen = dropout_(scores.softmax(-1)).bmm(flat[2]);
  return out_(seen.view({samples, heads_, tokens, depth}).transpose(1, 2).reshape({samples, tokens, width}));
}

NetImpl::NetImpl(const Shape& shape)
    : embedding_(register_module("embedding", torch::nn::Embedding(shape.vocabulary, shape.width))),
      dropout_(register_module("dropout", torch::nn::Dropout(shape.dropout))),
      blocks_(register_module("blocks", torch::nn::ModuleList())),
      norm_(register_module("norm", norm_of(shape.width))),
      positions_(register_parameter("positions", torch::empty({shape.context, shape.width}))) {
  for (std::int64_t layer = 0; layer < shape.layers; ++layer) blocks_->push_back(Block(shape));
  const auto forbidden = torch::full({shape.context, shape.context}, -std::numeric_limits<float>::infinity());
  mask_ = register_buffer("mask", forbidden.triu(1));
  initialise(shape.layers);
}

void NetImpl::initialise(std::int64_t layers) {
  const torch::NoGradGuard no_gradients;
  const double last = kDeviation / std::sqrt(2.0 * static_cast<double>(layers));
  for (auto& [name, parameter] : named_parameters().pairs()) {
    if (name.ends_with("bias")) {
      torch::nn::init::zeros_(parameter);
    } else if (name.find("norm") == std::string::npos) {
      const bool ends_part = name.ends_with("out.weight") || name.ends_with("down.weight");
      torch::nn::init::normal_(parameter, 0, ends_part ? last : kDeviation);
    }
  }
}

torch::Tensor NetImpl::forward(const torch::Tensor& tokens) {
  const std::int64_t length = tokens.size(1);
  const auto mask = mask_.slice(0, 0, length).slice(1, 0, length);
  auto x = dropout_(embedding_(tokens) + positions_.slice(0, 0, length));
  for (const auto& block : *blocks_) x = block->as<BlockImpl>()->forward(x, mask);
  return torch::nn::functional::linear(norm_(x), embedding_->weight);
}

}  // namespace transformer
