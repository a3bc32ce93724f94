#include "cli/grid.h"

#include "base/program_output.h"
#include "config/spec.h"

namespace sm2::cli {
namespace {

constexpr base::Seconds kPatience{30};

}  // namespace

base::Result<footprint::Grid> find_grid(const std::string& stated) {
  const auto command = config::grid_command(stated);
  if (command.empty()) return footprint::parse_grid(stated);
  const auto said = base::program_output(command, kPatience);
  if (!said) return tl::unexpected(said.error());
  auto grid = footprint::parse_grid(said->substr(0, said->find_last_not_of(" \t\r\n") + 1));
  if (!grid) return base::fail("'{}' said: {}", command.front(), grid.error().message);
  grid->origin = "said by " + command.front();
  return grid;
}

}  // namespace sm2::cli
