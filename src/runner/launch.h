// What is needed to start a program, put together before the fork: its path, environment and arguments.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "runner/processors.h"

namespace sm2::runner {

struct Launch {
  std::string program;                 // path of the executable
  std::vector<std::string> arguments;  // the first is the program's name
  std::vector<std::string> environment;
  std::optional<std::filesystem::path> directory;
  Processors processors{};  // to run on; none: on all that the tuner may use
};

// `command` with this process's environment, less the variables that an outer study set for this process,
// plus `variables`. The first word is looked up in PATH when it holds no slash, else below `directory`. Fails
// when the command is empty or not found in PATH.
base::Result<Launch> prepare(const std::vector<std::string>& command,
                             const std::optional<std::filesystem::path>& directory,
                             const std::map<std::string, std::string>& variables);

// Whether the first word of `command` could be started now, with the same words when it could not; a word with a
// placeholder is not looked at.
base::Result<> check_program(const std::vector<std::string>& command,
                             const std::optional<std::filesystem::path>& directory);

// Why `launch` could not be started: "cannot start './train': No such file or directory (looked for in
// /home/ada)".
std::string describe_failure(const Launch& launch, int error, bool directory_failed);

}  // namespace sm2::runner
