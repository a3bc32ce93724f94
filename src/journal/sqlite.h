// Studies in one SQLite file: write-ahead log, one transaction and one fsync per appended batch, mode 0600.
// The tables are documented in docs/journal.md. Not for several threads. Two writers of one study: the second
// one's append fails.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "journal/journal.h"
#include "journal/sqlite_file.h"

namespace sm2::journal {

// Fails as open_file() does.
base::Result<std::unique_ptr<Store>> open_sqlite(const std::filesystem::path& file, Access access);

// See back_up() and damage() in backup.h.
base::Result<> back_up_sqlite(const std::filesystem::path& file, const std::filesystem::path& destination);
base::Result<std::vector<std::string>> damage_of_sqlite(const std::filesystem::path& file);

}  // namespace sm2::journal
