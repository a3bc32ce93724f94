#include "journal/sqlite.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sys/stat.h>

#include "journal/codec.h"

namespace sm2::journal {
namespace {

constexpr int kApplicationId =
    0x534d3201;  // "SM2" and a byte, in the file's header: what `file` and we know it by
constexpr int kBusyMilliseconds = 10000;

constexpr const char* kTables = R"(
  CREATE TABLE studies (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
  CREATE TABLE events (
    study INTEGER NOT NULL REFERENCES studies (id),
    seq INTEGER NOT NULL,   -- 1, 2, 3, ... within the study
    time REAL NOT NULL,     -- Unix time in seconds
    kind TEXT NOT NULL,
    body TEXT NOT NULL,     -- JSON
    PRIMARY KEY (study, seq)
  ) WITHOUT ROWID;
)";

// Every call into SQLite; what it throws becomes a value.
template <class Call>
auto guarded(const SQLite::Database& database, Call call) -> decltype(call()) {
  try {
    return call();
  } catch (const SQLite::Exception& error) {
    return base::fail("store {}: {}", database.getFilename(), error.what());
  }
}

class SqliteJournal final : public Journal {
 public:
  SqliteJournal(std::shared_ptr<SQLite::Database> database, std::int64_t study)
      : database_(std::move(database)),
        study_(study),
        insert_(*database_, "INSERT INTO events (study, seq, time, kind, body) VALUES (?, ?, ?, ?, ?)") {
    SQLite::Statement last(*database_, "SELECT coalesce(max(seq), 0) FROM events WHERE study = ?");
    last.bind(1, study_);
    last.executeStep();
    last_ = last.getColumn(0).getInt64();
  }

  base::Result<> append(std::span<const trial::Event> batch) override {
    return guarded(*database_, [&]() -> base::Result<> {
      SQLite::Transaction transaction(*database_, SQLite::TransactionBehavior::IMMEDIATE);
      std::int64_t seq = last_;
      for (const trial::Event& event : batch) insert(++seq, event);
      transaction.commit();
      last_ = seq;
      return {};
    });
  }

  base::Result<std::vector<trial::Event>> read() const override {
    return guarded(*database_, [&]() -> base::Result<std::vector<trial::Event>> {
      SQLite::Statement rows(*database_,
                             "SELECT seq, time, kind, body FROM events WHERE study = ? ORDER BY seq");
      rows.bind(1, study_);
      std::vector<trial::Event> events;
      while (rows.executeStep()) {
        const std::int64_t seq = rows.getColumn(0).getInt64();
        if (seq != static_cast<std::int64_t>(events.size()) + 1) {
          return base::fail("store {}: event {} is missing", database_->getFilename(), events.size() + 1);
        }
        auto body = decode(rows.getColumn(2).getString(), rows.getColumn(3).getString());
        if (!body)
          return base::fail("store {}: event {}: {}", database_->getFilename(), seq, body.error().message);
        events.push_back({base::Seconds(rows.getColumn(1).getDouble()), std::move(*body)});
      }
      return events;
    });
  }

 private:
  void insert(std::int64_t seq, const trial::Event& event) {
    insert_.reset();
    insert_.bind(1, study_);
    insert_.bind(2, seq);
    insert_.bind(3, event.time.value);
    insert_.bind(4, kind(event.body));
    insert_.bind(5, encode(event.body));
    insert_.exec();
  }

  std::shared_ptr<SQLite::Database> database_;
  std::int64_t study_;
  SQLite::Statement insert_;
  std::int64_t last_ = 0;
};

class SqliteStore final : public Store {
 public:
  explicit SqliteStore(std::shared_ptr<SQLite::Database> database) : database_(std::move(database)) {}

  base::Result<std::vector<std::string>> studies() const override {
    return guarded(*database_, [&]() -> base::Result<std::vector<std::string>> {
      SQLite::Statement rows(*database_, "SELECT name FROM studies ORDER BY id");
      std::vector<std::string> names;
      while (rows.executeStep()) names.push_back(rows.getColumn(0).getString());
      return names;
    });
  }

  base::Result<std::unique_ptr<Journal>> create(std::string_view study) override {
    return guarded(*database_, [&]() -> base::Result<std::unique_ptr<Journal>> {
      SQLite::Statement insert(*database_, "INSERT INTO studies (name) VALUES (?) ON CONFLICT DO NOTHING");
      insert.bind(1, std::string(study));
      if (insert.exec() == 0) return base::fail("study '{}' exists already", study);
      return std::make_unique<SqliteJournal>(database_, database_->getLastInsertRowid());
    });
  }

  base::Result<std::unique_ptr<Journal>> open(std::string_view study) override {
    return guarded(*database_, [&]() -> base::Result<std::unique_ptr<Journal>> {
      SQLite::Statement row(*database_, "SELECT id FROM studies WHERE name = ?");
      row.bind(1, std::string(study));
      if (!row.executeStep()) return base::fail("there is no study '{}'", study);
      return std::make_unique<SqliteJournal>(database_, row.getColumn(0).getInt64());
    });
  }

 private:
  std::shared_ptr<SQLite::Database> database_;
};

int pragma(const SQLite::Database& database, const std::string& name) {
  SQLite::Statement row(database, "PRAGMA " + name);
  row.executeStep();
  return row.getColumn(0).getInt();
}

void create_tables(SQLite::Database& database) {
  SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
  if (pragma(database, "application_id") == 0) {
    database.exec(kTables);
    database.exec("PRAGMA application_id = " + std::to_string(kApplicationId));
    database.exec("PRAGMA user_version = " + std::to_string(kSchemaVersion));
  }
  transaction.commit();
}

base::Result<> check_version(const SQLite::Database& database) {
  if (pragma(database, "application_id") != kApplicationId) {
    return base::fail("store {}: an SQLite file, but no store of sm2; name another file with --store",
                      database.getFilename());
  }
  const int version = pragma(database, "user_version");
  if (version == kSchemaVersion) return {};
  return base::fail(
      "store {}: written by another version of sm2 (schema {}, this one knows {}); use that version",
      database.getFilename(), version, kSchemaVersion);
}

}  // namespace

base::Result<std::unique_ptr<Store>> open_sqlite(const std::filesystem::path& file, Access access) {
  if (access == Access::kRead && !std::filesystem::exists(file)) {
    return base::fail(
        "store {}: there is no such file; name another with --store, or begin a study with sm2 tune",
        file.string());
  }
  const mode_t old_mask = umask(0077);
  try {
    auto database = std::make_shared<SQLite::Database>(
        file.string(),
        access == Access::kWrite ? SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE : SQLite::OPEN_READWRITE,
        kBusyMilliseconds);
    if (access == Access::kWrite) {
      database->exec("PRAGMA journal_mode = WAL");
      const bool fresh = pragma(*database, "application_id") == 0 && pragma(*database, "schema_version") == 0;
      if (fresh) create_tables(*database);
    }
    database->exec("PRAGMA synchronous = FULL");
    umask(old_mask);
    if (auto checked = check_version(*database); !checked) return tl::unexpected(checked.error());
    return std::make_unique<SqliteStore>(std::move(database));
  } catch (const SQLite::Exception& error) {
    umask(old_mask);
    return base::fail("store {}: {}", file.string(), error.what());
  }
}

}  // namespace sm2::journal
