#include "cli/program.h"

#include <filesystem>

#include "runner/launch.h"

namespace sm2::cli {

base::Result<> check_program(const config::Spec& spec, const std::string& file) {
  std::error_code ignored;
  if (spec.directory && !std::filesystem::is_directory(*spec.directory, ignored)) {
    return base::fail("{}:{}: study.directory: there is no folder '{}'", file, spec.directory_line,
                      *spec.directory);
  }
  if (const auto found = runner::check_program(spec.command, spec.directory); !found)
    return base::fail("{}:{}: study.command: {}", file, spec.command_line, found.error().message);
  return {};
}

}  // namespace sm2::cli
