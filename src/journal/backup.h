// A copy of a store while a tuner may be writing to it: as it is at one moment, in one file without a log beside it.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "journal/journal.h"

namespace sm2::journal {

// Mode 0600, checked, on disk when it returns, and there whole or not at all: it is written as DESTINATION.new and
// renamed. Fails where either name is taken.
base::Result<> back_up(SQLite::Database& database, const std::filesystem::path& destination);

// Every study of one store into another that has none of them, each as it is when it is read.
base::Result<> copy_studies(Store& from, Store& to);

// What SQLite finds wrong with the file, a line each; empty: nothing.
std::vector<std::string> damage(SQLite::Database& database);

}  // namespace sm2::journal
