#include "optimizer.h"

#include <torch/optim/adam.h>
#include <torch/optim/adamw.h>
#include <torch/optim/sgd.h>

namespace trainer {

std::unique_ptr<torch::optim::Optimizer> make_optimizer(const Settings& settings, torch::nn::Module& model) {
  const double rate = settings.learning_rate;
  const double decay = settings.weight_decay;
  if (settings.optimizer == "adam") {
    return std::make_unique<torch::optim::Adam>(model.parameters(),
                                                torch::optim::AdamOptions(rate).weight_decay(decay));
  }
  if (settings.optimizer == "adamw") {
    return std::make_unique<torch::optim::AdamW>(model.parameters(),
                                                 torch::optim::AdamWOptions(rate).weight_decay(decay));
  }
  return std::make_unique<torch::optim::SGD>(
      model.parameters(), torch::optim::SGDOptions(rate).momentum(settings.momentum).weight_decay(decay));
}

}  // namespace trainer
