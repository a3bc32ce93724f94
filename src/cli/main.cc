#include <fmt/core.h>

#include <exception>

#include "cli/commands.h"

int main(int argc, char** argv) {
  CLI::App app(
      "SM2 finds the batch size, learning rate and other hyperparameters of a training program, and spends "
      "as few "
      "joules as possible doing it.",
      "sm2");
  app.set_version_flag("--version", "sm2 " SM2_VERSION);
  app.require_subcommand(1);
  int status = 0;
  sm2::cli::add_init(app, status);
  sm2::cli::add_tune(app, status);
  sm2::cli::add_measure(app, status);
  sm2::cli::add_devices(app, status);
  sm2::cli::add_list(app, status);
  sm2::cli::add_show(app, status);
  sm2::cli::add_trials(app, status);
  sm2::cli::add_best(app, status);
  sm2::cli::add_report(app, status);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (const std::exception& error) {
    fmt::print(stderr, "sm2: {}\n", error.what());
    return 2;
  }
  return status;
}
