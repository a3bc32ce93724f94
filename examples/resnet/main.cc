// The command line of the residual networks: what is theirs beside the flags of the training loop.
#include <CLI/CLI.hpp>

#include "task.h"

int main(int argc, char** argv) {
  trainer::Settings settings;
  settings.weight_decay = 5e-4;
  resnet::Flags flags;
  CLI::App app("Trains a residual network on small images, alone or under SM2.", "resnet");
  app.option_defaults()->always_capture_default();
  app.add_option("--data", flags.data,
                 "fashion-mnist:FOLDER or cifar10:PATH, a file or a folder in the binary format");
  app.add_option("--train-samples", flags.counts.training, "default: all that is left")
      ->check(CLI::PositiveNumber);
  app.add_option("--validation-samples", flags.counts.validation,
                 "the first of the training files; default: a tenth")
      ->check(CLI::PositiveNumber);
  app.add_option("--test-samples", flags.counts.test,
                 "of the test file; where there is none, the last of the training files, by default a tenth; "
                 "0: no test")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--blocks", flags.shape.blocks,
                 "residual blocks of each stage; 2,2,2,2 of width 64 is ResNet-18")
      ->delimiter(',')
      ->check(CLI::Range(1, 100));
  app.add_option("--width", flags.shape.width, "channels of the first stage")->check(CLI::PositiveNumber);
  app.add_option("--stem-stride", flags.shape.stem_stride, "2 halves the image at once")
      ->check(CLI::Range(1, 4));
  app.add_flag("--augment", flags.augment, "move each image by up to 4 pixels, and mirror half of them");
  return trainer::run(
      app, settings,
      [&](const trainer::Settings&, torch::Device device) { return resnet::make_task(flags, device); }, argc,
      argv);
}
