#include <exception>

#include "cli/commands.h"
#include "cli/usage.h"

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
  sm2::cli::add_worker(app, status);
  sm2::cli::add_measure(app, status);
  sm2::cli::add_devices(app, status);
  sm2::cli::add_compare(app, status);
  sm2::cli::add_list(app, status);
  sm2::cli::add_show(app, status);
  sm2::cli::add_trials(app, status);
  sm2::cli::add_best(app, status);
  sm2::cli::add_report(app, status);
  sm2::cli::add_serve(app, status);
  sm2::cli::add_export(app, status);
  sm2::cli::add_check(app, status);
  sm2::cli::add_backup(app, status);
  try {
    if (const auto unknown = sm2::cli::unknown_command(app, argc, argv))
      throw CLI::ExtrasError(*unknown, CLI::ExitCodes::ExtrasError);
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help, --version
    return sm2::cli::fail_usage(error.what());
  } catch (const std::exception& error) {
    return sm2::cli::fail_usage(error.what());
  }
  return status;
}
