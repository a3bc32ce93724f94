// The plain libtorch loop that bench/trainers.py sets beside the trainer: the same network, data, order and
// optimiser, and nothing else; no tuner, no gradient noise, no checkpoints.
#include <torch/optim/sgd.h>
#include <torch/utils.h>
#include <CLI/CLI.hpp>

#include <cstdio>

#include "task.h"
#include "trainer/device.h"
#include "trainer/order.h"

int main(int argc, char** argv) {
  trainer::Settings settings;
  resnet::Flags flags;
  CLI::App app("Trains a residual network by a plain loop.", "plain_loop");
  app.add_option("--data", flags.data);
  app.add_option("--train-samples", flags.counts.training);
  app.add_option("--validation-samples", flags.counts.validation);
  app.add_option("--test-samples", flags.counts.test);
  app.add_option("--blocks", flags.shape.blocks)->delimiter(',');
  app.add_option("--width", flags.shape.width);
  app.add_option("--stem-stride", flags.shape.stem_stride);
  app.add_option("--batch-size", settings.batch_size);
  app.add_option("--learning-rate", settings.learning_rate);
  app.add_option("--epochs", settings.epochs);
  CLI11_PARSE(app, argc, argv);

  trainer::keep_freed_memory();
  const torch::Device device = trainer::prepare_device(settings);
  const auto task = resnet::make_task(flags, device);
  torch::optim::SGD optimizer(
      task->model().parameters(),
      torch::optim::SGDOptions(settings.learning_rate).momentum(0.9).weight_decay(5e-4));
  for (std::int64_t epoch = 0; epoch < settings.epochs; ++epoch) {
    task->model().train();
    double sum = 0;
    const torch::Tensor order = trainer::shuffled(task->size(), settings.seed, epoch);
    for (std::int64_t begin = 0; begin + settings.batch_size <= task->size(); begin += settings.batch_size) {
      optimizer.zero_grad();
      const auto loss = task->loss(order.slice(0, begin, begin + settings.batch_size));
      loss.backward();
      optimizer.step();
      sum += loss.item<double>();
    }
    const torch::NoGradGuard no_gradients;
    task->model().eval();
    std::printf("epoch=%lld loss=%.4f val_loss=%.4f\n", static_cast<long long>(epoch + 1),
                sum / static_cast<double>(task->size() / settings.batch_size),
                task->validate().at("val_loss"));
  }
  return 0;
}
