// sm2 list: the studies in a store.
#include <fmt/core.h>

#include "cli/commands.h"
#include "cli/reading.h"
#include "report/json.h"

namespace sm2::cli {
namespace {

int list(const Reading& reading) {
  std::vector<std::string> unreadable;
  const auto studies = read_studies(reading, unreadable);
  if (!studies) return fail("list", studies.error().message);
  fmt::print("{}", reading.json ? report::list_json(*studies) + "\n" : report::list_text(*studies));
  for (const std::string& reason : unreadable) fail("list", reason);
  return unreadable.empty() ? 0 : 2;
}

}  // namespace

void add_list(CLI::App& app, int& status) {
  CLI::App* command = app.add_subcommand("list", "The studies in a store");
  const auto reading = add_reading(*command, false, true);
  command->callback([reading, &status] { status = list(*reading); });
}

}  // namespace sm2::cli
