// Studies in one SQLite file: write-ahead log, one transaction and one fsync per appended batch, mode 0600.
// The tables are documented in docs/journal.md. Not for several threads. Two writers of one study: the second
// one's append fails.
#pragma once

#include <filesystem>

#include "journal/journal.h"

namespace sm2::journal {

enum class Access { kRead, kWrite };  // kWrite makes the file where there is none

// Fails, in one line, when the file is missing (kRead), is no store of ours, is of a newer version, or is
// damaged.
base::Result<std::unique_ptr<Store>> open_sqlite(const std::filesystem::path& file, Access access);

}  // namespace sm2::journal
