// The whole command line: one application with all commands, for main and for whatever describes it.
#pragma once

#include <memory>

#include "cli/commands.h"

namespace sm2::cli {

// `status` is set by the command that is run; it outlives the application.
std::unique_ptr<CLI::App> make_app(int& status);

}  // namespace sm2::cli
