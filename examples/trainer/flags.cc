#include "flags.h"

#include <CLI/CLI.hpp>

namespace trainer {

namespace {

const CLI::Validator kPositive(
    [](const std::string& text) {
      double number = 0;
      return CLI::detail::lexical_cast(text, number) && number > 0 ? std::string()
                                                                   : "must be above 0, not " + text;
    },
    "POSITIVE");

}  // namespace

void add_flags(CLI::App& app, Settings& settings) {
  app.option_defaults()->always_capture_default();
  app.add_option("--batch-size", settings.batch_size, "samples in a step")->check(kPositive);
  app.add_option("--micro-batch", settings.micro_batch, "samples in one pass of a step; 0: the whole batch")
      ->check(CLI::NonNegativeNumber);
  app.add_flag("--accumulate", settings.accumulate,
               "where memory runs out, halve the pass instead of failing");
  app.add_option("--learning-rate", settings.learning_rate)->check(kPositive);
  app.add_option("--schedule", settings.schedule, "of the learning rate, over all epochs")
      ->check(CLI::IsMember({"constant", "cosine", "one-cycle"}));
  app.add_option("--optimizer", settings.optimizer)->check(CLI::IsMember({"sgd", "adam", "adamw"}));
  app.add_option("--momentum", settings.momentum, "of sgd")->check(CLI::Range(0.0, 0.9999));
  app.add_option("--weight-decay", settings.weight_decay)->check(CLI::NonNegativeNumber);
  app.add_option("--clip", settings.clip, "norm that gradients are cut to; 0: not at all")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--epochs", settings.epochs)->check(kPositive);
  app.add_option("--seed", settings.seed);
  app.add_option("--threads", settings.threads, "of the CPU; threads x trials at most the cores")
      ->check(kPositive);
  app.add_option("--device", settings.device, "cpu, cuda, cuda:1, ...");
  app.add_option("--precision", settings.precision, "float32, or mixed precision")
      ->check(CLI::IsMember({"float32", "bfloat16", "float16"}));
  app.add_option("--noise-every", settings.noise_every,
                 "steps between estimates of the gradient noise scale; 0: none")
      ->check(CLI::NonNegativeNumber);
  app.add_flag("--test-each-epoch", settings.test_each_epoch, "not only after the last one");
}

void check(const Settings& settings) {
  if (settings.micro_batch > settings.batch_size) {
    throw UsageError("--micro-batch=" + std::to_string(settings.micro_batch) +
                     " is larger than --batch-size=" + std::to_string(settings.batch_size) +
                     "; it must be at most that");
  }
}

}  // namespace trainer
