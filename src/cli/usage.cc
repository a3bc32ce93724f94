#include "cli/usage.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/nearest.h"
#include "cli/output.h"
#include "report/printable.h"

namespace sm2::cli {

std::optional<std::string> unknown_command(const CLI::App& app, int argc, const char* const* argv) {
  if (argc < 2 || argv[1][0] == '-') return {};
  std::vector<std::string> known;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    known.push_back(command->get_name());
  }
  if (std::ranges::find(known, argv[1]) != known.end()) return {};
  const auto meant = base::nearest(argv[1], known);
  return fmt::format("there is no command '{}'; {}", argv[1],
                     meant ? fmt::format("did you mean '{}'?", *meant)
                           : fmt::format("there are {}", fmt::join(known, ", ")));
}

int fail_usage(std::string_view message) {
  std::string line(message);
  std::replace(line.begin(), line.end(), '\n', ' ');
  put(stderr, fmt::format("sm2: {}; sm2 --help says more\n", report::printable_message(line)));
  return 2;
}

}  // namespace sm2::cli
