// Trains the network, evaluates after every epoch, and obeys the tuner: after each optimiser step it reports
// and looks for what is asked; a pause saves a checkpoint in the middle of an epoch, from which training goes
// on exactly.
//
// The order of the training images depends on the seed and the epoch only, and one thread count gives one
// curve.
#pragma once

#include <sm2/client.h>

#include <atomic>
#include <cstdint>
#include <filesystem>

namespace fashion {

struct Settings {
  std::filesystem::path data = "/usr/share/datasets/fashion-mnist";
  std::int64_t batch_size = 64;
  double learning_rate = 0.1;  // where the tuner asks for no schedule
  std::int64_t epochs = 8;
  std::int64_t train_images = 12000;
  std::int64_t validation_images = 2000;
  std::int64_t test_images = 10000;  // evaluated after the last epoch only
  std::int64_t width = 16;
  int threads = 1;
  std::uint64_t seed = 1;
};

// `interrupted` set means the same as a pause that the tuner asks for.
void train(const Settings& settings, const std::atomic<bool>& interrupted);

}  // namespace fashion
