// The training loop that the reference trainers share: flags, device, precision, gradient accumulation, the
// gradient noise scale, checkpoints, and the words with the tuner (docs/protocol.md). An example adds a Task:
// its model and its data.
//
// A step trains on `batch_size` samples, in one pass or in passes of `micro_batch` whose gradients are
// averaged. The order of samples follows from seed and epoch alone; the state of the random numbers that
// dropout draws is part of a checkpoint. So a training that was paused anywhere and resumed gives the same
// curve, bit for bit, as one that never was.
//
// Errors: DataError for data that is not there or not right (exit status 2); every other exception ends the
// training (1).
#pragma once

#include <torch/nn/module.h>
#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>

namespace CLI {
class App;
}

namespace trainer {

struct Settings {
  std::int64_t batch_size = 64;       // samples
  std::int64_t micro_batch = 0;       // samples in one pass; 0: the whole batch
  bool accumulate = false;            // where memory runs out: halve the pass and go on, instead of failing
  double learning_rate = 0.1;         // where the tuner asks for no schedule
  std::string schedule = "constant";  // likewise: constant, cosine, one-cycle, over all epochs
  std::string optimizer = "sgd";      // sgd, adam, adamw
  double momentum = 0.9;              // of sgd
  double weight_decay = 0;
  double clip = 0;  // the norm that gradients are cut to; 0: not at all
  std::int64_t epochs = 10;
  std::int64_t seed = 1;
  int threads = 1;
  std::string device = "cpu";  // cpu, cuda, cuda:1
  std::string precision =
      "float32";  // float32; bfloat16, float16: mixed precision by autocast, where the device has it
  std::int64_t noise_every = 16;  // steps between estimates of the gradient noise scale; 0: none
  bool test_each_epoch = false;   // test metrics at every evaluation, not only after the last epoch
};

class DataError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

using Metrics = std::map<std::string, double>;

class Task {  // owns model and data, both on the device
 public:
  virtual ~Task() = default;
  virtual torch::nn::Module& model() = 0;
  virtual std::int64_t size()
      const = 0;  // training samples; an epoch goes through all of them, but for a last part of a batch
  // Mean loss over these samples (indices: one-dimensional, int64, on the CPU): a scalar to call backward()
  // on.
  virtual torch::Tensor loss(const torch::Tensor& samples) = 0;
  // Metrics of the validation data ("val_..."), of the test data ("test_..."). The loop switches gradients
  // and training mode off.
  virtual Metrics validate() = 0;
  virtual Metrics test() = 0;
};

using MakeTask = std::function<std::unique_ptr<Task>(const Settings&, torch::Device)>;

// Adds the flags of `settings` to `app` (--batch-size, --learning-rate, ...), whose own flags the example has
// added, parses, and trains, alone or under a tuner. Returns the exit status: 0 done, paused or stopped; 1
// training failed; 2 bad usage or data.
int run(CLI::App& app, Settings& settings, const MakeTask& make, int argc, char** argv);

}  // namespace trainer
