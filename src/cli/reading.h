// What the reading commands share: they open the store, find the study, and never write to either. Errors are
// one line each, made safe for a terminal.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "journal/journal.h"
#include "report/terminal.h"

namespace sm2::cli {

inline constexpr const char* kStoreHelp =
    "Where studies are kept: a file, or a database, postgresql://[USER@]HOST[:PORT]/DATABASE";

struct Reading {  // what the user asked for
  std::string store = "./sm2.db";
  std::string study;  // a name, or the path of a study file; empty: the only study in the store
  bool json = false;
};

// Adds --store to a subcommand, and where asked for STUDY and --json.
std::shared_ptr<Reading> add_reading(CLI::App& command, bool with_study, bool with_json);

// `also`, where there is one, sees the same events as the study's state is made of.
base::Result<report::Study> read_study(const Reading& reading, const journal::Visitor& also = {});

// Every study in the store. One that cannot be read is left out, and `unreadable` says why.
base::Result<std::vector<report::Study>> read_studies(const Reading& reading,
                                                      std::vector<std::string>& unreadable);

// Prints "sm2 COMMAND: message" to standard error; the exit status 2.
int fail(std::string_view command, std::string_view message);

}  // namespace sm2::cli
