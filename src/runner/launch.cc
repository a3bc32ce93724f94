#include "runner/launch.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <string_view>

namespace sm2::runner {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 5> kOwnVariables = {"SM2_PARAMS", "SM2_TRIAL", "SM2_CHECKPOINT_DIR",
                                                           "SM2_SOCKET", "SM2_DEVICES"};

bool is_executable_file(const std::string& path) {
  struct stat status{};
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && ::access(path.c_str(), X_OK) == 0;
}

base::Result<std::string> find_in_path(const std::string& name) {
  const char* variable = std::getenv("PATH");
  const std::string_view path = variable ? variable : "/usr/local/bin:/usr/bin:/bin";
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t end = std::min(path.find(':', at), path.size());
    const std::string folder(path.substr(at, end - at));
    const std::string candidate = fs::absolute(fs::path(folder.empty() ? "." : folder) / name).string();
    if (is_executable_file(candidate)) return candidate;
    at = end + 1;
  }
  const std::string_view hint = is_executable_file(name) ? "; did you mean './" : "";
  return base::fail("cannot start '{}': not found (looked for in PATH, {}{}{}", name, path,
                    hint.empty() ? "" : fmt::format("{}{}'", hint, name), ")");
}

std::vector<std::string> make_environment(const std::map<std::string, std::string>& variables) {
  std::vector<std::string> environment;
  for (char** entry = environ; *entry; ++entry) {
    const std::string_view text = *entry;
    const std::string name(text.substr(0, text.find('=')));
    const bool own = std::find(kOwnVariables.begin(), kOwnVariables.end(), name) != kOwnVariables.end();
    if (!own && !variables.contains(name)) environment.emplace_back(text);
  }
  for (const auto& [name, value] : variables) environment.push_back(name + "=" + value);
  return environment;
}

}  // namespace

base::Result<Launch> prepare(const std::vector<std::string>& command,
                             const std::optional<fs::path>& directory,
                             const std::map<std::string, std::string>& variables) {
  if (command.empty() || command.front().empty()) return base::fail("the command is empty");
  Launch launch{command.front(), command, make_environment(variables), directory, {}};
  if (command.front().find('/') == std::string::npos) {
    auto found = find_in_path(command.front());
    if (!found) return tl::unexpected(found.error());
    launch.program = std::move(*found);
  }
  return launch;
}

base::Result<> check_program(const std::vector<std::string>& command,
                             const std::optional<fs::path>& directory) {
  if (!command.empty() && command.front().find('{') != std::string::npos) return {};
  const auto launch = prepare(command, directory, {});
  if (!launch) return tl::unexpected(launch.error());
  std::error_code ignored;
  const fs::path program = directory.value_or(".") / launch->program;
  if (is_executable_file(program.string())) return {};
  return base::fail("{}", describe_failure(*launch, fs::exists(program, ignored) ? EACCES : ENOENT, false));
}

std::string describe_failure(const Launch& launch, int error, bool directory_failed) {
  const std::string& name = launch.arguments.front();
  if (directory_failed) {
    return fmt::format("cannot start '{}' in '{}': {}", name, launch.directory->string(), ::strerror(error));
  }
  std::string message = fmt::format("cannot start '{}': {}", name, ::strerror(error));
  std::error_code ignored;
  const fs::path base = fs::absolute(launch.directory.value_or("."), ignored).lexically_normal();
  if (error == ENOENT && fs::exists(base / launch.program, ignored)) {
    message += " (the file is there, but not the interpreter that its first line names)";
  } else if (error == ENOENT && fs::path(launch.program).is_relative()) {
    message += fmt::format(" (looked for in {})", base.string());
  } else if (error == ENOEXEC) {
    message += " (a script needs a first line such as #!/bin/sh)";
  } else if (error == EACCES) {
    message += " (is it executable? chmod +x)";
  }
  return message;
}

}  // namespace sm2::runner
