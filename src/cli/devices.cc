// sm2 devices: the energy sources of this machine, and the remedy for those that cannot be used.
#include <fmt/core.h>

#include <memory>

#include "cli/commands.h"
#include "cli/device_table.h"

namespace sm2::cli {

void add_devices(CLI::App& app, int& status) {
  CLI::App* command =
      app.add_subcommand("devices", "Energy sources here: resolution, permission, and the remedy");
  const auto as_json = std::make_shared<bool>(false);
  command->add_flag("--json", *as_json, "Print JSON");
  command->callback([as_json, &status] {
    fmt::print("{}", *as_json ? devices_json({}) + "\n" : devices_text({}));
    status = 0;
  });
}

}  // namespace sm2::cli
