// Tasks of a few numbers, for the tests of the loop.
#pragma once

#include <torch/nn/modules/dropout.h>
#include <torch/nn/modules/linear.h>
#include <torch/utils.h>

#include <cstdint>
#include <limits>
#include <stdexcept>

#include "trainer.h"

namespace trainer {

struct DropoutNet : torch::nn::Module {
  DropoutNet() {
    register_module("hidden", hidden);
    register_module("dropout", dropout);
    register_module("out", out);
  }
  torch::Tensor forward(const torch::Tensor& x) { return out(dropout(hidden(x).tanh())); }

  torch::nn::Linear hidden{4, 8};
  torch::nn::Dropout dropout{0.5};
  torch::nn::Linear out{8, 1};
};

// Fits a random function; memory runs out where a pass has more than `fits` samples.
class FitTask : public Task {
 public:
  explicit FitTask(bool dropout = false) {
    torch::manual_seed(7);
    inputs_ = torch::randn({64, 4});
    targets_ = torch::randn({64, 1});
    net_ = std::make_shared<DropoutNet>();
    net_->train(dropout);
  }
  torch::nn::Module& model() override { return *net_; }
  std::int64_t size() const override { return inputs_.size(0); }
  torch::Tensor loss(const torch::Tensor& samples) override {
    if (samples.size(0) > fits)
      throw std::runtime_error("[enforce fail] DefaultCPUAllocator: can't allocate memory");
    return (net_->forward(inputs_.index_select(0, samples)) - targets_.index_select(0, samples))
        .square()
        .mean();
  }
  Metrics validate() override { return {{"val_loss", 1.0}}; }
  Metrics test() override { return {}; }

  std::int64_t fits = std::numeric_limits<std::int64_t>::max();

 private:
  torch::Tensor inputs_, targets_;
  std::shared_ptr<DropoutNet> net_;
};

struct PointNet : torch::nn::Module {
  explicit PointNet(std::int64_t size) : point(register_parameter("point", torch::zeros({size}))) {}
  torch::Tensor point;
};

// Half the mean squared distance from a point at the origin to normally distributed ones around `centre` in
// every coordinate: the gradient of one sample is minus that sample, so that |G|^2 = size centre^2 and S =
// size.
class QuadraticTask : public Task {
 public:
  QuadraticTask(std::int64_t samples, std::int64_t size, double centre) : net_(size) {
    torch::manual_seed(7);
    points_ = torch::randn({samples, size}) + centre;
  }
  torch::nn::Module& model() override { return net_; }
  std::int64_t size() const override { return points_.size(0); }
  torch::Tensor loss(const torch::Tensor& samples) override {
    return (net_.point - points_.index_select(0, samples)).square().sum(1).mean() / 2;
  }
  Metrics validate() override { return {}; }
  Metrics test() override { return {}; }

 private:
  PointNet net_;
  torch::Tensor points_;
};

}  // namespace trainer
