// sm2 serve: the program sm2-serve in the place of this one. It is a program of its own because of the libraries of HTTP that it
// is linked to: they would double the time in which any other command starts.
#include <string.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "cli/commands.h"
#include "cli/reading.h"

namespace sm2::cli {
namespace {

int serve(std::vector<std::string> arguments) {
  std::error_code error;
  const std::filesystem::path own = std::filesystem::read_symlink("/proc/self/exe", error);
  const std::string program = (own.parent_path() / "sm2-serve").string();
  std::vector<char*> words = {const_cast<char*>(program.c_str())};
  for (std::string& argument : arguments) words.push_back(argument.data());
  words.push_back(nullptr);
  ::execv(program.c_str(), words.data());
  return fail("serve",
              fmt::format("cannot start {}, which belongs beside sm2: {}; sm2 has it where it was built "
                          "with libcpp-httplib-dev",
                          program, ::strerror(errno)));
}

}  // namespace

void add_serve(CLI::App& app, int& status) {
  CLI::App* command =
      app.add_subcommand("serve", "The studies of a store in the browser, as an API and for Prometheus");
  command->set_help_flag();  // its program has its own
  command->prefix_command();
  command->callback([command, &status] { status = serve(command->remaining()); });
}

}  // namespace sm2::cli
