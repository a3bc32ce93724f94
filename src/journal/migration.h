// From each version of the stored form to the next. A step is one transaction together with its change of user_version,
// so that a store is always of one version, whatever happens in between. Before the first step a copy of the store is
// laid beside it.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <span>

#include "base/result.h"

namespace sm2::journal {

using Step =
    void (*)(SQLite::Database&);  // throws SQLite::Exception, or std::exception on rows it cannot change

struct Schema {
  int version = 1;              // wanted
  std::span<const Step> steps;  // steps[n] leads from version n + 1 to n + 2
};

extern const Schema kSchema;  // this program's

int version_of(const SQLite::Database& database);  // its user_version, as it is now; throws SQLite::Exception

// Brings the database, which is of an earlier version, to the wanted one. Fails, with the store as it was after the last
// step that succeeded, where a step does.
base::Result<> migrate(SQLite::Database& database, const Schema& schema);

}  // namespace sm2::journal
