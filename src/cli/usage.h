// What is said of a command line that cannot be understood: one line on standard error, safe for a terminal.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace sm2::cli {

// The complaint about a first word that is no subcommand of `app`, with the one that was probably meant.
std::optional<std::string> unknown_command(const CLI::App& app, int argc, const char* const* argv);

// Prints "sm2: message; sm2 --help says more"; the exit status 2.
int fail_usage(std::string_view message);

}  // namespace sm2::cli
