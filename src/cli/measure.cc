// sm2 measure: like time(1), for energy. The command runs in the foreground and its exit status is passed on;
// 127 where it is not found, 126 where it cannot be executed.
#include <fmt/core.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "base/clock.h"
#include "cli/commands.h"
#include "cli/measurement.h"
#include "meter/sources.h"
#include "runner/foreground.h"

namespace sm2::cli {
namespace {

using base::Seconds;

constexpr int kBadUsage = 2;

struct Options {
  bool json = false;
  std::string output;
  std::vector<std::string> sources = {"auto"};
  std::vector<std::string> command;
};

// Whether there is such a file, on the PATH where the name has no slash.
bool exists(const std::string& name) {
  if (name.find('/') != std::string::npos) return access(name.c_str(), F_OK) == 0;
  const char* path = std::getenv("PATH");
  std::istringstream folders(path ? path : "");
  for (std::string folder; std::getline(folders, folder, ':');) {
    if (access((folder.empty() ? name : folder + "/" + name).c_str(), F_OK) == 0) return true;
  }
  return false;
}

Seconds read_within(const meter::Meter& meter) {
  Seconds within(3600);
  for (const meter::Source& source : meter.sources())
    within = std::min(within, source.read_within.value_or(within));
  return within;
}

int fail(int status, const std::string& message) {
  fmt::print(stderr, "sm2 measure: {}\n", message);
  return status;
}

int measure(const Options& options) {
  const base::SystemClock clock;
  const auto meter = meter::make(options.sources, {}, clock);
  if (!meter) return fail(kBadUsage, meter.error().message);
  if (!options.output.empty() && !std::ofstream(options.output, std::ios::app)) {
    return fail(kBadUsage, fmt::format("--output {}: cannot be written", options.output));
  }

  std::unique_ptr<runner::Foreground> process;
  const auto window = (*meter)->open({[&process] { return process ? process->cpu_time() : std::nullopt; }});
  const Seconds start = clock.monotonic();
  auto started = runner::Foreground::start(options.command);
  if (!started) return fail(exists(options.command.front()) ? 126 : 127, started.error().message);
  process = *std::move(started);
  const Seconds within = read_within(**meter);
  std::optional<int> status;
  while (!(status = process->wait(within))) window->read();

  Measurement measurement;
  measurement.time = clock.monotonic() - start;
  measurement.energy = window->read();
  measurement.cpu_time = process->cpu_time();
  measurement.command = options.command;
  if (WIFSIGNALED(*status)) measurement.signal = WTERMSIG(*status);
  measurement.exit = measurement.signal ? 128 + *measurement.signal : WEXITSTATUS(*status);
  if (options.json) {
    fmt::print("{}\n", json(measurement));
  } else {
    fmt::print(stderr, "{}", text(measurement));
  }
  if (!options.output.empty() && !(std::ofstream(options.output) << json(measurement) << std::endl)) {
    return fail(measurement.exit, fmt::format("--output {}: cannot be written", options.output));
  }
  return measurement.exit;
}

}  // namespace

void add_measure(CLI::App& app, int& status) {
  CLI::App* command = app.add_subcommand("measure", "The energy of any command");
  const auto options = std::make_shared<Options>();
  command->add_flag("--json", options->json,
                    "Print the result as JSON on standard output when the command has ended, and no text");
  command->add_option("-o,--output", options->output, "Write the result as JSON to this file")
      ->type_name("FILE");
  command->add_option("--source", options->sources, "An energy source (see sm2 devices); may be repeated")
      ->type_name("NAME")
      ->allow_extra_args(false)
      ->capture_default_str();
  CLI::Option* words =
      command->add_option("COMMAND", options->command, "What to run, with its arguments; put -- before it")
          ->required()
          ->type_name("");
  command->callback([=, &status] {
    const auto order = command->parse_order();
    if (order.back() != words) {
      status = fail(kBadUsage, fmt::format("{} stands after the command; put -- before the command if it is "
                                           "the command's own, else put it first",
                                           order.back()->get_name()));
      return;
    }
    status = measure(*options);
  });
}

}  // namespace sm2::cli
