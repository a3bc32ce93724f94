#include <signal.h>

#include <exception>

#include "cli/app.h"
#include "cli/usage.h"

int main(int argc, char** argv) {
  ::signal(SIGCHLD, SIG_DFL);  // where a caller ignores it, nobody could be waited for
  int status = 0;
  const auto app = sm2::cli::make_app(status);
  try {
    if (const auto unknown = sm2::cli::unknown_command(*app, argc, argv))
      throw CLI::ExtrasError(*unknown, CLI::ExitCodes::ExtrasError);
    app->parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app->exit(error);  // --help, --version
    return sm2::cli::fail_usage(error.what());
  } catch (const std::exception& error) {
    return sm2::cli::fail_usage(error.what());
  }
  return status;
}
