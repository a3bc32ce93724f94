// The command line of the Transformer language model; the flags of training are trainer::run's.
#include <CLI/CLI.hpp>

#include "language.h"

int main(int argc, char** argv) {
  transformer::Options options;
  transformer::Shape& shape = options.shape;
  trainer::Settings settings;
  settings.optimizer = "adamw";
  settings.learning_rate = 1e-3;
  settings.weight_decay = 0.01;
  settings.batch_size = 16;
  settings.clip = 1;
  settings.epochs = 3;
  CLI::App app("Trains a small Transformer to predict the next token of a text, alone or under SM2.",
               "transformer");
  app.option_defaults()->always_capture_default();
  app.add_option("--data", options.data,
                 "folder with train, valid and test texts, or one text; plain or .gz");
  app.add_option("--train", options.train, "training text, instead of --data");
  app.add_option("--validation", options.validation, "validation text, instead of --data");
  app.add_option("--test", options.test, "test text, instead of --data; none: no test metrics");
  app.add_option("--tokens", options.tokens)->check(CLI::IsMember({"word", "byte"}));
  app.add_option("--vocabulary", options.vocabulary, "words, the most frequent ones of the training text")
      ->check(CLI::Range(2, 1 << 24));
  app.add_option("--context", shape.context, "tokens that a prediction is made from")
      ->check(CLI::Range(1, 1 << 16));
  app.add_option("--layers", shape.layers)->check(CLI::Range(1, 1024));
  app.add_option("--width", shape.width, "numbers a token is represented by")->check(CLI::Range(1, 1 << 16));
  app.add_option("--heads", shape.heads, "of attention; a divisor of --width")->check(CLI::Range(1, 1024));
  app.add_option("--dropout", shape.dropout)->check(CLI::Range(0.0, 0.95));
  app.final_callback([&shape] {
    if (shape.width % shape.heads != 0)
      throw CLI::ValidationError("--width", "must be a multiple of --heads");
  });
  return trainer::run(
      app, settings,
      [&options](const trainer::Settings&, torch::Device device) {
        return transformer::make_language(options, device);
      },
      argc, argv);
}
