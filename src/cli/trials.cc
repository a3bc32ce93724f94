// sm2 trials: the trials of a study, one a line.
#include <fmt/core.h>

#include "cli/commands.h"
#include "cli/reading.h"
#include "report/json.h"

namespace sm2::cli {
namespace {

int trials(const Reading& reading) {
  const auto study = read_study(reading);
  if (!study) return fail("trials", study.error().message);
  if (reading.json) {
    for (const std::string& line : report::trials_json(*study)) fmt::print("{}\n", line);
  } else {
    fmt::print("{}", report::trials_text(*study));
  }
  return 0;
}

}  // namespace

void add_trials(CLI::App& app, int& status) {
  CLI::App* command =
      app.add_subcommand("trials", "The trials of a study: parameters, metric, energy, why dropped");
  const auto reading = add_reading(*command, true, true);
  command->callback([reading, &status] { status = trials(*reading); });
}

}  // namespace sm2::cli
