// Everything that the rest of a training depends on, as one file: weights, optimiser, position, random
// numbers, averages. Training that goes on from it gives the same curve, bit for bit, as training that was
// never interrupted.
//
// Errors: std::exception where a file cannot be written or read.
#pragma once

#include <torch/nn/module.h>
#include <torch/optim/optimizer.h>

#include <cstdint>
#include <filesystem>
#include <string>

#include "noise.h"

namespace trainer {

struct Position {
  std::int64_t step = 0;        // optimiser steps done, from the very beginning
  std::int64_t epoch = 0;       // epochs done
  std::int64_t batch = 0;       // batches done of the epoch begun
  std::int64_t samples = 0;     // from the very beginning
  std::int64_t batch_size = 0;  // that `batch` counts in
  std::int64_t pass = 0;        // samples, smaller than asked for where memory had run out
  std::int64_t good_steps = 0;  // of the loss scaler
  double loss_scale = 1;
  double loss_sum = 0;  // of the batches done
  NoiseScale::Averages noise;
};

// Writes folder/name whole or not at all: under another name first, synced, then renamed.
void save_checkpoint(const std::filesystem::path& folder, const std::string& name, torch::nn::Module& model,
                     const torch::optim::Optimizer& optimizer, torch::Device device,
                     const Position& position);

// The optimiser's options stay as they are: another trial's checkpoint may bring other ones.
Position load_checkpoint(const std::filesystem::path& path, torch::nn::Module& model,
                         torch::optim::Optimizer& optimizer, torch::Device device);

// Deletes the checkpoints of the folder but these two: the tuner may not have read the newest's announcement
// yet.
void delete_checkpoints_but(const std::filesystem::path& folder, const std::string& newest,
                            const std::string& before);

}  // namespace trainer
