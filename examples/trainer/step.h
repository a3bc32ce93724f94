// One optimiser step over a batch: passes whose weighted losses add up to the batch's mean, so that their
// gradients add up to its gradient; then loss scaling, clipping, and the update. BatchNorm sees one pass at a
// time.
//
// In a step that is to measure, a batch of one pass goes in two halves instead, and the gradient of every
// pass is taken apart from the sum: parts of equal size give |G_b|^2, the sum |G_B|^2 (noise.h).
//
// Memory that runs out in a pass is an error, or, with `accumulate`, halves the pass from then on and begins
// the batch again: what the aborted pass did to the statistics of BatchNorm and the random numbers stays.
#pragma once

#include <torch/optim/optimizer.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "noise.h"
#include "scaler.h"
#include "trainer.h"

namespace trainer {

class Stepper {
 public:
  // All of these outlive the stepper.
  Stepper(const Settings& settings, Task& task, torch::optim::Optimizer& optimizer, torch::Device device);

  struct Taken {
    torch::Tensor loss;  // the batch's mean, a detached scalar on the device
    std::optional<GradientNorms> norms;
  };
  Taken take(const torch::Tensor& samples, double learning_rate, bool measure);

  std::int64_t pass() const { return pass_; }  // samples
  LossScaler& scaler() { return scaler_; }
  void restore_pass(std::int64_t samples) { pass_ = samples; }

 private:
  Taken accumulate(const torch::Tensor& samples, std::int64_t pass, bool measure);
  torch::Tensor flat_gradient() const;

  const Settings& settings_;
  Task& task_;
  torch::optim::Optimizer& optimizer_;
  torch::Device device_;
  std::vector<torch::Tensor> parameters_;
  LossScaler scaler_;
  std::int64_t pass_;
};

}  // namespace trainer
