// Loss scaling for float16 (Micikevicius et al., arXiv 1710.03740): small gradients vanish there, so the loss
// is multiplied by a scale and the gradients divided by it. A step whose gradients overflow is left out and
// halves the scale; 2,000 good steps double it. Off, it is a scale of 1 that looks at nothing.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

namespace trainer {

class LossScaler {
 public:
  explicit LossScaler(bool on) : on_(on), scale_(on ? 65536.0 : 1.0) {}

  double scale() const { return scale_; }

  // Divides the gradients by the scale and adjusts it. False: they overflowed, and the step must be left out.
  bool unscale(const std::vector<torch::Tensor>& parameters);

  std::int64_t good_steps() const { return good_steps_; }
  void restore(double scale, std::int64_t good_steps) {
    if (!on_) return;
    scale_ = scale;
    good_steps_ = good_steps;
  }

 private:
  bool on_;
  double scale_;
  std::int64_t good_steps_ = 0;
};

}  // namespace trainer
