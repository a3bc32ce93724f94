#include "journal/sqlite_file.h"

#include <fmt/format.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <algorithm>

#include "journal/sqlite_error.h"

namespace sm2::journal {
namespace {

namespace fs = std::filesystem;
using Opened = base::Result<std::shared_ptr<SqliteFile>>;

constexpr int kApplicationId =
    0x534d3201;  // "SM2" and a byte, in the file's header: what `file` and we know it by
constexpr int kBusyMilliseconds = 10000, kBusyStep = 20;

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

// What SQLite makes beside the file, too, is its owner's alone.
class OwnersAlone {
 public:
  OwnersAlone() : before_(umask(0077)) {}
  OwnersAlone(const OwnersAlone&) = delete;
  OwnersAlone& operator=(const OwnersAlone&) = delete;
  ~OwnersAlone() { umask(before_); }

 private:
  mode_t before_;
};

int pragma(SQLite::Database& database, const char* name) {
  return database.execAndGet(std::string("PRAGMA ") + name).getInt();
}

bool empty(SQLite::Database& database) {
  return pragma(database, "application_id") == 0 && pragma(database, "schema_version") == 0;
}

void create_tables(SQLite::Database& database, const Schema& schema) {
  SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
  if (empty(database)) {
    database.exec(kTables);
    database.exec(fmt::format("PRAGMA application_id = {}", kApplicationId));
    database.exec(fmt::format("PRAGMA user_version = {}", schema.version));
  }
  transaction.commit();
}

// Its version, where it is a store that this program can read.
base::Result<int> known_version(SqliteFile& file, const Schema& schema) {
  if (pragma(file.database, "application_id") != kApplicationId) {
    return base::fail("store {}: an SQLite file, but no store of sm2; name another file with --store",
                      file.name);
  }
  const int version = version_of(file.database);
  if (version >= 1 && version <= schema.version) return version;
  return base::fail(
      "store {}: written by another version of sm2 (schema {}, this one knows {}); use that version",
      file.name, version, schema.version);
}

std::shared_ptr<SqliteFile> opened(const fs::path& file, int flags, const FileState& state,
                                   std::optional<TemporaryFolder> folder = {}) {
  const fs::path place = folder ? folder->path() / "store.db" : file;
  SQLite::Database database(place.string(), flags, kBusyMilliseconds);
  return std::shared_ptr<SqliteFile>(
      new SqliteFile{file.string(), std::move(folder), std::move(database), state, SameFile(file)});
}

// SQLite keeps its log beside the name that it was given: by two names, two logs of one file would be written.
base::Result<> one_name(const fs::path& path) {
  struct stat found{};
  if (::stat(path.c_str(), &found) != 0 || found.st_nlink < 2) return {};
  return base::fail(
      "store {}: the file has {} names (hard links), and would be damaged by writing to it under two; remove "
      "the others, or go "
      "on with a copy made by sm2 backup",
      path.string(), found.st_nlink);
}

Opened try_to_write(const fs::path& path, const Schema& schema) {
  if (auto one = one_name(path); !one) return tl::unexpected(one.error());
  const auto file = opened(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, FileState(path));
  SQLite::Database& database = file->database;
  if (sqlite3_db_readonly(database.getHandle(), "main") == 1)
    return base::fail("store {}: it cannot be written; make the file writable", file->name);
  const bool fresh = empty(database);
  if (!fresh) {
    if (const auto known = known_version(*file, schema); !known) return tl::unexpected(known.error());
  }
  database.exec("PRAGMA journal_mode = WAL");
  database.exec("PRAGMA synchronous = FULL");
  if (fresh) create_tables(database, schema);
  const auto version = known_version(*file, schema);
  if (!version) return tl::unexpected(version.error());
  if (*version == schema.version) return file;
  if (auto migrated = migrate(database, schema); !migrated) return tl::unexpected(migrated.error());
  return file;
}

// Of several programs that make one store at the same moment, SQLite refuses some at once, without the wait it was told.
Opened open_to_write(const fs::path& path, const Schema& schema) {
  for (int waited = 0;; waited += kBusyStep) {
    try {
      return try_to_write(path, schema);
    } catch (const SQLite::Exception& error) {
      if (error.getErrorCode() != SQLITE_BUSY || waited >= kBusyMilliseconds) throw;
      sqlite3_sleep(kBusyStep);
    }
  }
}

Opened open_copy(const fs::path& path, const Schema& schema) {
  const FileState state(path);
  auto folder = TemporaryFolder::make();
  if (!folder)
    return base::fail("store {}: it cannot be read where it is, and {}", path.string(),
                      folder.error().message);
  std::error_code error;
  for (const char* end : {"", "-wal"}) {
    const fs::path from = path.string() + end;
    if (*end == '-' && !fs::exists(from, error)) continue;
    if (!fs::copy_file(from, folder->path() / ("store.db" + std::string(end)), error))
      return base::fail("store {}: {} cannot be read: {}", path.string(), from.string(), error.message());
  }
  fs::permissions(folder->path() / "store.db", fs::perms::owner_write, fs::perm_options::add, error);
  const auto file = opened(path, SQLite::OPEN_READWRITE, state, std::move(*folder));
  const auto version = known_version(*file, schema);
  if (!version) return tl::unexpected(version.error());
  if (*version == schema.version) return file;
  if (auto migrated = migrate(file->database, schema); !migrated) return tl::unexpected(migrated.error());
  return file;
}

Opened open_to_read(const fs::path& path, const Schema& schema) {
  if (std::error_code error; !fs::exists(path, error)) {
    return base::fail(
        "store {}: there is no such file; name another with --store, or begin a study with sm2 tune",
        path.string());
  }
  // Also to read it makes files beside it, where no tuner has them open.
  constexpr std::array kNotHere = {SQLITE_CANTOPEN, SQLITE_READONLY, SQLITE_FULL, SQLITE_IOERR};
  try {
    const auto file = opened(path, SQLite::OPEN_READWRITE, FileState(path));
    const auto version = known_version(*file, schema);
    if (!version) return tl::unexpected(version.error());
    if (*version == schema.version) return file;
  } catch (const SQLite::Exception& error) {
    if (std::ranges::find(kNotHere, error.getErrorCode()) == kNotHere.end()) throw;
  }
  return open_copy(path, schema);
}

}  // namespace

FileState::FileState(const fs::path& file) {
  const auto look = [](const std::string& path, std::array<std::int64_t, 5>& found) {
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0) return;
    found = {static_cast<std::int64_t>(status.st_dev), static_cast<std::int64_t>(status.st_ino),
             status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
  };
  look(file.string(), store_);
  look(file.string() + "-wal", log_);
}

bool SqliteFile::current() const {
  if (!same.check()) return false;
  return !folder || state == FileState(name);
}

base::Result<TemporaryFolder> TemporaryFolder::make() {
  std::error_code error;
  std::string path = (fs::temp_directory_path(error) / "sm2-XXXXXX").string();
  if (error || !mkdtemp(path.data()))
    return base::fail("there is no room for a copy in {}: {}", path, strerror(errno));
  return TemporaryFolder(path);
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code error;
  if (!path_.empty()) fs::remove_all(path_, error);
}

Opened open_file(const fs::path& path, Access access, const Schema& schema) {
  const OwnersAlone owners_alone;
  return guarded(path.string(), [&] {
    return access == Access::kWrite ? open_to_write(path, schema) : open_to_read(path, schema);
  });
}

}  // namespace sm2::journal
