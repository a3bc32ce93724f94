// Requests as rows of a table beside the events, which is made when it is first wanted.
#pragma once

#include <cstdint>
#include <memory>

#include "base/result.h"
#include "journal/requests.h"
#include "journal/sqlite_file.h"

namespace sm2::journal {

// Of the study with that id in the file's table, which was opened to write.
base::Result<std::unique_ptr<Requests>> sqlite_requests(std::shared_ptr<SqliteFile> file, std::int64_t study);

}  // namespace sm2::journal
