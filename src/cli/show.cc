// sm2 show: one study in a few lines.
#include <fmt/core.h>

#include "cli/commands.h"
#include "cli/reading.h"
#include "report/json.h"

namespace sm2::cli {
namespace {

int show(const Reading& reading) {
  const auto study = read_study(reading);
  if (!study) return fail("show", study.error().message);
  fmt::print("{}", reading.json ? report::show_json(*study) + "\n" : report::show_text(*study));
  return 0;
}

}  // namespace

void add_show(CLI::App& app, int& status) {
  CLI::App* command = app.add_subcommand("show", "A study: its state, energy, budget and best trial");
  const auto reading = add_reading(*command, true, true);
  command->callback([reading, &status] { status = show(*reading); });
}

}  // namespace sm2::cli
