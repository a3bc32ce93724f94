#include "scaler.h"

#include <algorithm>
#include <cmath>

namespace trainer {

namespace {

constexpr std::int64_t kGrowthSteps = 2000;

}  // namespace

bool LossScaler::unscale(const std::vector<torch::Tensor>& parameters) {
  if (!on_) return true;
  torch::Tensor sum;  // not finite where any gradient is not
  for (const auto& parameter : parameters) {
    if (!parameter.grad().defined()) continue;
    const auto part = parameter.grad().mul_(1 / scale_).sum(torch::kDouble);
    sum = sum.defined() ? sum + part : part;
  }
  if (sum.defined() && !std::isfinite(sum.item<double>())) {
    scale_ = std::max(1.0, scale_ / 2);
    good_steps_ = 0;
    return false;
  }
  if (++good_steps_ == kGrowthSteps) {
    scale_ *= 2;
    good_steps_ = 0;
  }
  return true;
}

}  // namespace trainer
