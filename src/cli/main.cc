#include <signal.h>

#include <algorithm>
#include <exception>

#include "cli/app.h"
#include "cli/output.h"
#include "cli/usage.h"

namespace {

// What these come to is in a store, or in an exit status, whatever becomes of what they print.
constexpr const char* kDoing[] = {"tune", "worker", "measure", "serve"};

bool only_prints(const CLI::App& app) {
  return std::ranges::none_of(kDoing, [&](const char* name) { return app.got_subcommand(name); });
}

}  // namespace

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
  if (status == 0 && sm2::cli::output_lost() && only_prints(*app)) {
    sm2::cli::put(stderr, "sm2: standard output could not be written; what was printed is not whole\n");
    return 2;
  }
  return status;
}
