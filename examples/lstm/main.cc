// The command line of the LSTM forecaster; the flags of training are trainer::run's.
#include <CLI/CLI.hpp>

#include "forecast.h"

namespace {

const CLI::Range kShare(0.01, 0.98);

}  // namespace

int main(int argc, char** argv) {
  lstm::Options options;
  trainer::Settings settings;
  settings.optimizer = "adam";
  settings.learning_rate = 1e-3;
  settings.epochs = 5;
  settings.clip = 1;
  CLI::App app("Trains an LSTM to forecast a time series, alone or under SM2.", "lstm");
  app.option_defaults()->always_capture_default();
  app.add_option("--data", options.data,
                 "CSV file with a header, or the UCI household power file; plain or .gz")
      ->required();
  app.add_option("--columns", options.columns,
                 "inputs, by name, separated by commas; none: every column but dates")
      ->delimiter(',');
  app.add_option(
      "--target-column", options.target_column,
      "the column to forecast, or all; none: the last one, Global_active_power of the household file");
  app.add_option("--resample", options.resample, "rows that become one, their mean")
      ->check(CLI::Range(1, 1 << 20));
  app.add_option("--window", options.window, "rows that a forecast is made from")
      ->check(CLI::Range(1, 1 << 20));
  app.add_option("--horizon", options.horizon, "rows from the last of the window to the forecast one")
      ->check(CLI::Range(1, 1 << 20));
  app.add_option("--train-fraction", options.train_fraction, "of the rows, the first ones")->check(kShare);
  app.add_option("--validation-fraction", options.validation_fraction, "of the rows; the rest is the test")
      ->check(kShare);
  app.add_option("--hidden", options.hidden, "width of the hidden state")->check(CLI::Range(1, 1 << 16));
  app.add_option("--layers", options.layers)->check(CLI::Range(1, 64));
  app.add_option("--dropout", options.dropout)->check(CLI::Range(0.0, 0.95));
  return trainer::run(
      app, settings,
      [&options](const trainer::Settings&, torch::Device device) {
        return lstm::make_forecast(options, device);
      },
      argc, argv);
}
