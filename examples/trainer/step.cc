#include "step.h"

#include <malloc.h>
#include <torch/nn/utils/clip_grad.h>

#include <algorithm>
#include <iostream>

#include "device.h"
#include "out_of_memory.h"

namespace trainer {

namespace {

double squared_norm(const torch::Tensor& flat) { return flat.dot(flat).item<double>(); }

// Collects the parts' gradients as the sum grows.
class Parts {
 public:
  // The part's weight is its share of the batch.
  void add(const torch::Tensor& sum, std::int64_t samples, double weight) {
    const torch::Tensor part = sum_.defined() ? sum - sum_ : sum;
    if (samples_ == 0) samples_ = samples;
    if (samples == samples_) {
      norms_ += squared_norm(part) / (weight * weight);
      ++count_;
    }
    sum_ = sum;
  }

  // scale: what the gradients were multiplied by.
  std::optional<GradientNorms> norms(std::int64_t batch, double scale) const {
    if (samples_ == 0 || samples_ == batch) return std::nullopt;
    return GradientNorms{static_cast<double>(samples_),
                         norms_ / static_cast<double>(count_) / (scale * scale), static_cast<double>(batch),
                         squared_norm(sum_) / (scale * scale)};
  }

 private:
  torch::Tensor sum_;
  std::int64_t samples_ = 0;
  double norms_ = 0;
  int count_ = 0;
};

}  // namespace

Stepper::Stepper(const Settings& settings, Task& task, torch::optim::Optimizer& optimizer,
                 torch::Device device)
    : settings_(settings),
      task_(task),
      optimizer_(optimizer),
      device_(device),
      parameters_(task.model().parameters()),
      scaler_(settings.precision == "float16"),
      pass_(settings.micro_batch > 0 ? settings.micro_batch : settings.batch_size) {}

Stepper::Taken Stepper::take(const torch::Tensor& samples, double learning_rate, bool measure) {
  for (auto& group : optimizer_.param_groups()) group.options().set_lr(learning_rate);
  std::optional<Taken> taken;
  while (!taken) {
    try {
      const std::int64_t pass = std::min(pass_, samples.size(0));
      const bool halves = measure && pass == samples.size(0) && pass > 1;
      taken = accumulate(samples, halves ? (pass + 1) / 2 : pass, measure);
    } catch (const std::exception& error) {
      if (!settings_.accumulate || !is_out_of_memory(error) || pass_ <= 1) throw;
      pass_ = (std::min(pass_, samples.size(0)) + 1) / 2;
      std::cerr << "out of memory: going on in passes of " << pass_ << " samples\n";
    }
    if (!taken) malloc_trim(0);
  }
  const bool usable = scaler_.unscale(parameters_);
  if (settings_.clip > 0 && usable) torch::nn::utils::clip_grad_norm_(parameters_, settings_.clip);
  if (usable) optimizer_.step();
  return *taken;
}

Stepper::Taken Stepper::accumulate(const torch::Tensor& samples, std::int64_t pass, bool measure) {
  optimizer_.zero_grad();
  Taken taken;
  Parts parts;
  const std::int64_t batch = samples.size(0);
  for (std::int64_t begin = 0; begin < batch; begin += pass) {
    const std::int64_t end = std::min(begin + pass, batch);
    const double weight = static_cast<double>(end - begin) / static_cast<double>(batch);
    torch::Tensor loss;
    {
      const MixedPrecision mixed(settings_.precision, device_);
      loss = task_.loss(samples.slice(0, begin, end));
    }
    const double factor = weight * scaler_.scale();
    (factor == 1 ? loss : loss * factor).backward();
    const torch::Tensor share = loss.detach() * weight;
    taken.loss = taken.loss.defined() ? taken.loss + share : share;
    if (measure) parts.add(flat_gradient(), end - begin, weight);
  }
  if (measure) taken.norms = parts.norms(batch, scaler_.scale());
  return taken;
}

torch::Tensor Stepper::flat_gradient() const {
  std::vector<torch::Tensor> flat;
  for (const auto& parameter : parameters_) {
    const torch::Tensor gradient = parameter.grad();
    if (gradient.defined()) flat.push_back(gradient.reshape(-1).to(torch::kFloat));
  }
  return torch::cat(flat);
}

}  // namespace trainer
