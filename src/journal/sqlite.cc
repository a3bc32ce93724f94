#include "journal/sqlite.h"

#include <sqlite3.h>

#include "journal/backup.h"
#include "journal/codec.h"
#include "journal/same_file.h"
#include "journal/sqlite_claim.h"
#include "journal/sqlite_error.h"
#include "journal/sqlite_file.h"
#include "journal/sqlite_requests.h"

namespace sm2::journal {
namespace {

constexpr int kAppendMilliseconds =
    2000;  // for another writer; then the study, which can wait better, is told
constexpr const char* kVersion = "PRAGMA user_version";

// What is written into a file that is no longer the store reaches nobody.
class SameStore {
 public:
  explicit SameStore(const std::string& file) : file_(file), log_(file + "-wal") {}
  base::Result<> check() const {
    if (auto same = file_.check(); !same) return same;
    return log_.check();
  }

 private:
  SameFile file_, log_;
};

using SharedFile = std::shared_ptr<SqliteFile>;

// A statement that stays prepared. What its last run came to has been told then.
SQLite::Statement& again(SQLite::Statement& statement) {
  statement.tryReset();
  return statement;
}

// Undone unless it is kept; of two statements that stay prepared.
class Transaction {
 public:
  Transaction(SQLite::Database& database, SQLite::Statement& begin) : database_(database) {
    again(begin).exec();
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction() {
    if (!kept_) database_.tryExec("ROLLBACK");
  }
  void keep(SQLite::Statement& commit) {
    again(commit).exec();
    kept_ = true;
  }

 private:
  SQLite::Database& database_;
  bool kept_ = false;
};

class SqliteJournal final : public Journal {
 public:
  SqliteJournal(SharedFile file, std::int64_t study)
      : file_(std::move(file)),
        study_(study),
        begin_(file_->database, "BEGIN IMMEDIATE"),
        version_(file_->database, kVersion),
        commit_(file_->database, "COMMIT"),
        insert_(file_->database, "INSERT INTO events (study, seq, time, kind, body) VALUES (?, ?, ?, ?, ?)"),
        same_(file_->name),
        begun_with_(version_of(file_->database)) {
    SQLite::Statement last(file_->database, "SELECT coalesce(max(seq), 0) FROM events WHERE study = ?");
    last.bind(1, study_);
    last.executeStep();
    last_ = last.getColumn(0).getInt64();
  }

  base::Result<> append(std::span<const trial::Event> batch) override {
    auto appended = write(batch);
    if (auto same = same_.check(); !same) {
      transient_ = false;
      keep_log();
      return same;
    }
    return appended;
  }

  bool transient() const override { return transient_; }

  base::Result<> visit_from(std::size_t first, const Visitor& visitor) const override {
    return guarded(file_->name, [&]() -> base::Result<> {
      SQLite::Statement rows(
          file_->database,
          "SELECT seq, time, kind, body FROM events WHERE study = ? AND seq >= ? ORDER BY seq");
      rows.bind(1, study_);
      auto next = static_cast<std::int64_t>(first);
      for (rows.bind(2, next); rows.executeStep(); ++next) {
        const std::int64_t seq = rows.getColumn(0).getInt64();
        if (seq != next) return base::fail("store {}: event {} is missing", file_->name, next);
        auto body = decode(rows.getColumn(2).getString(), rows.getColumn(3).getString());
        if (!body) return base::fail("store {}: event {}: {}", file_->name, seq, body.error().message);
        const trial::Event event{base::Seconds(rows.getColumn(1).getDouble()), std::move(*body)};
        if (auto seen = visitor(event); !seen) return seen;
      }
      return {};
    });
  }

 private:
  base::Result<> write(std::span<const trial::Event> batch) {
    transient_ = false;
    try {
      return insert(batch);
    } catch (const SQLite::Exception& error) {
      transient_ = journal::transient(error);
      return tl::unexpected(explain(error, file_->name));
    }
  }

  base::Result<> insert(std::span<const trial::Event> batch) {
    SQLite::Database& database = file_->database;
    database.setBusyTimeout(kAppendMilliseconds);
    Transaction transaction(database, begin_);
    if (const int now = version(); now != begun_with_) {
      return base::fail(
          "store {}: a newer sm2 has brought it to version {} while this one ran; go on with that one",
          file_->name, now);
    }
    std::int64_t seq = last_;
    for (const trial::Event& event : batch) insert(++seq, event);
    transaction.keep(commit_);
    last_ = seq;
    return {};
  }

  int version() {
    again(version_).executeStep();
    const int now = version_.getColumn(0).getInt();
    version_.tryReset();  // what has a row left to show would hold on to what it read
    return now;
  }

  // Closing must not delete the log beside what took the store's place.
  void keep_log() {
    int keep = 1;
    sqlite3_file_control(file_->database.getHandle(), "main", SQLITE_FCNTL_PERSIST_WAL, &keep);
  }

  void insert(std::int64_t seq, const trial::Event& event) {
    const std::string body = encode(event.body);
    again(insert_);
    insert_.bind(1, study_);
    insert_.bind(2, seq);
    insert_.bind(3, event.time.value);
    insert_.bind(4, kind(event.body));
    insert_.bindNoCopy(5, body);
    insert_.exec();
  }

  SharedFile file_;
  std::int64_t study_;
  SQLite::Statement begin_, version_, commit_, insert_;
  SameStore same_;
  int begun_with_;  // version
  bool transient_ = false;
  std::int64_t last_ = 0;
};

class SqliteStore final : public Store {
 public:
  explicit SqliteStore(SharedFile file) : file_(std::move(file)) {}

  base::Result<std::vector<std::string>> studies() const override {
    return guarded(file_->name, [&]() -> base::Result<std::vector<std::string>> {
      SQLite::Statement rows(file_->database, "SELECT name FROM studies ORDER BY id");
      std::vector<std::string> names;
      while (rows.executeStep()) names.push_back(rows.getColumn(0).getString());
      return names;
    });
  }

  base::Result<std::vector<Length>> lengths() const override {
    return guarded(file_->name, [&]() -> base::Result<std::vector<Length>> {
      SQLite::Statement rows(file_->database,
                             "SELECT name, (SELECT coalesce(max(seq), 0) FROM events WHERE study = id) FROM "
                             "studies ORDER BY id");
      std::vector<Length> all;
      while (rows.executeStep()) {
        all.push_back(
            {rows.getColumn(0).getString(), static_cast<std::size_t>(rows.getColumn(1).getInt64())});
      }
      return all;
    });
  }

  bool current() const override { return file_->current(); }

  base::Result<> claim(std::string_view study) override {
    auto claimed = SqliteClaim::take(file_->name, study);
    if (!claimed) return tl::unexpected(claimed.error());
    claims_.push_back(*std::move(claimed));
    return file_->same.check();  // that was locked what was opened
  }

  bool claimed(std::string_view study) const override { return sqlite_claimed(file_->name, study); }

  base::Result<std::unique_ptr<Journal>> create(std::string_view study) override {
    return guarded(file_->name, [&]() -> base::Result<std::unique_ptr<Journal>> {
      SQLite::Statement insert(file_->database,
                               "INSERT INTO studies (name) VALUES (?) ON CONFLICT DO NOTHING");
      insert.bind(1, std::string(study));
      if (insert.exec() == 0) return base::fail("study '{}' exists already", study);
      return std::make_unique<SqliteJournal>(file_, file_->database.getLastInsertRowid());
    });
  }

  base::Result<std::unique_ptr<Journal>> open(std::string_view study) override {
    return guarded(file_->name, [&]() -> base::Result<std::unique_ptr<Journal>> {
      const auto id = id_of(study);
      if (!id) return tl::unexpected(id.error());
      return std::make_unique<SqliteJournal>(file_, *id);
    });
  }

  base::Result<std::unique_ptr<Requests>> requests(std::string_view study) override {
    const auto id = guarded(file_->name, [&] { return id_of(study); });
    if (!id) return tl::unexpected(id.error());
    return sqlite_requests(file_, *id);
  }

 private:
  base::Result<std::int64_t> id_of(std::string_view study) const {
    SQLite::Statement row(file_->database, "SELECT id FROM studies WHERE name = ?");
    row.bind(1, std::string(study));
    if (!row.executeStep()) return base::fail("there is no study '{}'", study);
    return row.getColumn(0).getInt64();
  }

  SharedFile file_;
  std::vector<SqliteClaim> claims_;
};

}  // namespace

base::Result<std::unique_ptr<Store>> open_sqlite(const std::filesystem::path& path, Access access) {
  auto file = open_file(path, access);
  if (!file) return tl::unexpected(file.error());
  return std::make_unique<SqliteStore>(*std::move(file));
}

base::Result<> back_up_sqlite(const std::filesystem::path& path, const std::filesystem::path& destination) {
  const auto file = open_file(path, Access::kRead);
  if (!file) return tl::unexpected(file.error());
  return back_up((*file)->database, destination);
}

base::Result<std::vector<std::string>> damage_of_sqlite(const std::filesystem::path& path) {
  const auto file = open_file(path, Access::kRead);
  if (!file) return tl::unexpected(file.error());
  return guarded((*file)->name,
                 [&]() -> base::Result<std::vector<std::string>> { return damage((*file)->database); });
}

}  // namespace sm2::journal
