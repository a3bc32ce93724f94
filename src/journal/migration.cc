#include "journal/migration.h"

#include <fmt/format.h>

#include "journal/backup.h"
#include "journal/codec.h"

namespace sm2::journal {
namespace {

// Two programs may come to it at once: what the other has done is not done again.
void step(SQLite::Database& database, const Schema& schema, int from) {
  SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
  if (version_of(database) == from) {
    schema.steps[static_cast<std::size_t>(from) - 1](database);
    database.exec(fmt::format("PRAGMA user_version = {}", from + 1));
  }
  transaction.commit();
}

// One that is there already is from a migration that did not come to its end.
base::Result<> keep_copy(SQLite::Database& database, const std::string& copy) {
  return std::filesystem::exists(copy) ? base::Result<>() : back_up(database, copy);
}

}  // namespace

const Schema kSchema{kSchemaVersion, {}};

int version_of(const SQLite::Database& database) {
  SQLite::Statement query(database, "PRAGMA user_version");
  query.executeStep();
  return query.getColumn(0).getInt();
}

base::Result<> migrate(SQLite::Database& database, const Schema& schema) {
  const std::string file = database.getFilename();
  int version = 0;
  try {
    version = version_of(database);
    if (auto kept = keep_copy(database, fmt::format("{}.version-{}", file, version)); !kept) return kept;
    for (; version < schema.version; ++version) step(database, schema, version);
  } catch (const std::exception& error) {
    return base::fail("store {}: cannot be brought from version {} to {}: {}; it is left as it was", file,
                      version, version + 1, error.what());
  }
  return {};
}

}  // namespace sm2::journal
