// Studies in a PostgreSQL database: a batch is one statement, so one transaction, which has returned from its commit when
// append() has. The tables are documented in docs/journal.md. Not for several threads.
//
// A connection that is lost is made anew by the next call. Whether a batch that was under way has got in is then read from
// the study: by that time nothing else can add to it, for the claim on the study has been taken again, which the server
// gives only when the session before has ended.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "journal/access.h"
#include "journal/journal.h"

namespace sm2::journal {

// Fails, in one line and within seconds, when the server cannot be reached or does not let us in, when there is no such
// database or no store in it (kRead), or one of another version.
base::Result<std::unique_ptr<Store>> open_postgres(std::string_view url, Access access);

// Fails as that does to read, but for a store of another version.
base::Result<> find_postgres(std::string_view url);

// The URL without its passwords.
std::string shown_postgres(std::string_view url);

// Named after the database; in the working folder, as that of the default store is.
std::filesystem::path trials_of_postgres(std::string_view url);

// Settings of its server by which what was stored can be lost, a line each.
base::Result<std::vector<std::string>> damage_of_postgres(std::string_view url);

}  // namespace sm2::journal
