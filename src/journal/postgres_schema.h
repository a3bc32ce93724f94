// The tables of a PostgreSQL store, in a schema "sm2" of their own, and their version, which is that of the SQLite form
// (docs/journal.md). Programs that come to it at once make or migrate it once.
#pragma once

#include <span>
#include <string_view>

#include "journal/postgres_connection.h"

namespace sm2::journal {

// One transaction, with the change of the version.
using PostgresStep = PostgresResult<> (*)(PostgresConnection&);

struct PostgresSchema {
  int version = 1;                      // wanted
  std::span<const PostgresStep> steps;  // steps[n] leads from version n + 1 to n + 2
};

extern const PostgresSchema kPostgresSchema;  // this program's

PostgresError no_store(std::string_view store);

// The stored version; 0 where there is no store.
PostgresResult<int> stored_version(PostgresConnection& connection);

// To write: makes the tables where there are none, and brings those of an earlier version to the wanted one. A step that
// fails leaves the version before.
PostgresResult<> prepare_to_write(PostgresConnection& connection, std::string_view store,
                                  const PostgresSchema& schema = kPostgresSchema);

// Fails where there is no store, or one of another version.
PostgresResult<> prepare_to_read(PostgresConnection& connection, std::string_view store,
                                 const PostgresSchema& schema = kPostgresSchema);

}  // namespace sm2::journal
