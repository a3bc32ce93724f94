// The options of sm2 serve, which its own program reads, and which are described with all other commands.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "cli/reading.h"

namespace sm2::cli {

inline constexpr const char* kServeHelp =
    "The studies of a store in the browser, as an API and for Prometheus. Ctrl-C, or SIGTERM, ends it with "
    "status 0.";

struct Serving {
  std::shared_ptr<Reading> reading;
  std::string listen = "127.0.0.1:8714";
  std::string token_file;
  std::vector<std::string> hosts;
};

// `serving` outlives the application.
void add_serve_options(CLI::App& app, Serving& serving);

}  // namespace sm2::cli
