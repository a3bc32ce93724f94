// sm2 best: the best setting and the command line to use. Exit status 1 when no trial is usable.
#include <fmt/core.h>

#include "cli/commands.h"
#include "cli/reading.h"
#include "report/json.h"

namespace sm2::cli {
namespace {

int best(const Reading& reading) {
  const auto study = read_study(reading);
  if (!study) return fail("best", study.error().message);
  const std::string text = reading.json ? report::best_json(*study) : report::best_text(*study);
  if (text.empty()) {
    fail("best", fmt::format("study '{}' has no usable trial; sm2 trials says why", study->name));
    return 1;
  }
  fmt::print("{}{}", text, reading.json ? "\n" : "");
  return 0;
}

}  // namespace

void add_best(CLI::App& app, int& status) {
  CLI::App* command = app.add_subcommand("best", "The best setting found, and the command line to use");
  const auto reading = add_reading(*command, true, true);
  command->callback([reading, &status] { status = best(*reading); });
}

}  // namespace sm2::cli
