#include "journal/postgres_schema.h"

#include "journal/codec.h"
#include "journal/postgres_tables.h"

namespace sm2::journal {
namespace {

// Asked of the catalog itself: functions such as to_regclass() may answer from before another program's commit.
constexpr const char* kSchemaThere = "SELECT count(*) > 0 FROM pg_namespace WHERE nspname = 'sm2'";
constexpr const char* kStoreThere =
    "SELECT count(*) > 0 FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace "
    "WHERE nspname = 'sm2' AND relname = 'store'";
constexpr const char* kEncoding = "SELECT current_setting('server_encoding')";
constexpr const char* kTables[] = {
    "CREATE TABLE sm2.studies (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL "
    "UNIQUE)",
    "CREATE TABLE sm2.events (study bigint NOT NULL REFERENCES sm2.studies (id), seq bigint NOT NULL, "
    "time double precision NOT NULL, kind text NOT NULL, body text NOT NULL, PRIMARY KEY (study, seq))",
    "CREATE TABLE sm2.store (version integer NOT NULL)",
};

template <class Work>
PostgresResult<> in_transaction(PostgresConnection& connection, Work work) {
  for (const char* begin : {"BEGIN", kExclusively}) {
    if (auto begun = connection.run(begin); !begun) return tl::unexpected(begun.error());
  }
  PostgresResult<> done = work();
  if (const auto ended = connection.run(done ? "COMMIT" : "ROLLBACK"); !ended && done)
    return tl::unexpected(ended.error());
  return done;
}

PostgresResult<bool> truth(PostgresConnection& connection, const char* question) {
  const auto rows = connection.run(question);
  if (!rows) return tl::unexpected(rows.error());
  return rows->truth(0, 0);
}

PostgresResult<> set_version(PostgresConnection& connection, int version) {
  if (auto gone = connection.run("DELETE FROM sm2.store"); !gone) return tl::unexpected(gone.error());
  const auto set = connection.run("INSERT INTO sm2.store (version) VALUES ($1)", {std::to_string(version)});
  return set ? PostgresResult<>() : tl::unexpected(set.error());
}

PostgresResult<> check_encoding(PostgresConnection& connection, std::string_view store) {
  const auto rows = connection.run(kEncoding);
  if (!rows) return tl::unexpected(rows.error());
  if (rows->text(0, 0) == "UTF8") return {};
  return refuse(
      "store {}: its database has the encoding {}; make one with UTF8 (createdb -E UTF8 -T template0)", store,
      rows->text(0, 0));
}

PostgresResult<> make_tables(PostgresConnection& connection, int version) {
  const auto there = truth(connection, kSchemaThere);
  if (!there) return tl::unexpected(there.error());
  if (!*there) {
    if (auto made = connection.run("CREATE SCHEMA sm2"); !made) return tl::unexpected(made.error());
  }
  for (const char* table : kTables) {
    if (auto made = connection.run(table); !made) return tl::unexpected(made.error());
  }
  return set_version(connection, version);
}

tl::unexpected<PostgresError> other_version(std::string_view store, int found, int known) {
  return refuse(
      "store {}: written by another version of sm2 (schema {}, this one knows {}); use that version", store,
      found, known);
}

// Another program may have made it, or gone a step, since it was looked at.
PostgresResult<> advance(PostgresConnection& connection, std::string_view store,
                         const PostgresSchema& schema) {
  const auto found = stored_version(connection);
  if (!found) return tl::unexpected(found.error());
  if (*found == 0) return make_tables(connection, schema.version);
  if (*found >= schema.version) return {};
  if (auto done = schema.steps[static_cast<std::size_t>(*found) - 1](connection); !done) {
    PostgresError error = done.error();
    error.message = fmt::format("store {}: cannot be brought from version {} to {}: {}; it is left as it was",
                                store, *found, *found + 1, error.message);
    return tl::unexpected(error);
  }
  return set_version(connection, *found + 1);
}

}  // namespace

const PostgresSchema kPostgresSchema{kSchemaVersion, {}};

PostgresError no_store(std::string_view store) {
  return refuse("store {}: there is no store of sm2 in this database; begin a study in it with sm2 tune",
                store)
      .value();
}

PostgresResult<int> stored_version(PostgresConnection& connection) {
  const auto there = truth(connection, kStoreThere);
  if (!there) return tl::unexpected(there.error());
  if (!*there) return 0;
  const auto rows = connection.run("SELECT version FROM sm2.store");
  if (!rows) return tl::unexpected(rows.error());
  return rows->size() == 1 ? static_cast<int>(rows->integer(0, 0)) : -1;
}

PostgresResult<> prepare_to_write(PostgresConnection& connection, std::string_view store,
                                  const PostgresSchema& schema) {
  auto found = stored_version(connection);
  if (found && *found == 0) {
    if (auto fits = check_encoding(connection, store); !fits) return fits;
  }
  while (found && *found >= 0 && *found < schema.version) {
    auto done = in_transaction(connection, [&] { return advance(connection, store, schema); });
    if (!done) return done;
    found = stored_version(connection);
  }
  if (!found) return tl::unexpected(found.error());
  return *found == schema.version ? PostgresResult<>() : other_version(store, *found, schema.version);
}

PostgresResult<> prepare_to_read(PostgresConnection& connection, std::string_view store,
                                 const PostgresSchema& schema) {
  const auto found = stored_version(connection);
  if (!found) return tl::unexpected(found.error());
  if (*found == schema.version) return {};
  if (*found == 0) return tl::unexpected(no_store(store));
  if (*found > 0 && *found < schema.version)
    return refuse("store {}: of an earlier version ({}, this one reads {}); sm2 tune brings it to this one",
                  store, *found, schema.version);
  return other_version(store, *found, schema.version);
}

}  // namespace sm2::journal
