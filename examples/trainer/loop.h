// Trains a task, evaluates after every epoch, and obeys the tuner: after each optimiser step it reports and
// looks for what is asked; a pause saves a checkpoint, also in the middle of an epoch, from which training
// goes on exactly.
#pragma once

#include <atomic>

#include "trainer.h"

namespace trainer {

// `interrupted` set means the same as a pause that the tuner asks for.
void train(const Settings& settings, const MakeTask& make, torch::Device device,
           const std::atomic<bool>& interrupted);

}  // namespace trainer
