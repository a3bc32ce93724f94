// The optimiser that the settings name, over all parameters of a model.
#pragma once

#include <torch/optim/optimizer.h>

#include <memory>

#include "trainer.h"

namespace trainer {

std::unique_ptr<torch::optim::Optimizer> make_optimizer(const Settings& settings, torch::nn::Module& model);

}  // namespace trainer
