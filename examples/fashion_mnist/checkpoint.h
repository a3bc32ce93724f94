// Everything that the rest of the training depends on, as one file: weights, optimiser, position, random
// numbers. Training that goes on from it gives the same curve, bit for bit, as training that was never
// interrupted.
#pragma once

#include <torch/optim/sgd.h>

#include <cstdint>
#include <filesystem>
#include <string>

#include "net.h"

namespace fashion {

struct Position {
  std::int64_t step = 0;   // optimiser steps done, from the very beginning
  std::int64_t epoch = 0;  // epochs done
  std::int64_t batch = 0;  // batches done of the epoch begun
  std::int64_t samples = 0;
};

// Writes folder/name whole or not at all: under another name first, synced, then renamed.
void save_checkpoint(const std::filesystem::path& folder, const std::string& name, const Net& net,
                     const torch::optim::SGD& optimiser, const Position& position);

Position load_checkpoint(const std::filesystem::path& path, Net& net, torch::optim::SGD& optimiser);

// Deletes the checkpoints of the folder but these two: the tuner may not have read the newest's announcement
// yet.
void delete_checkpoints_but(const std::filesystem::path& folder, const std::string& newest,
                            const std::string& before);

}  // namespace fashion
