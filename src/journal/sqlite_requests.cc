#include "journal/sqlite_requests.h"

#include <optional>
#include <string>
#include <utility>

#include "journal/sqlite_error.h"

namespace sm2::journal {
namespace {

// A number that was given to one request is never given to another, also when that is gone.
constexpr const char* kTable =
    "CREATE TABLE IF NOT EXISTS requests (id INTEGER PRIMARY KEY AUTOINCREMENT, "
    "study INTEGER NOT NULL REFERENCES studies (id), wish TEXT NOT NULL, trial INTEGER)";

class SqliteRequests final : public Requests {
 public:
  SqliteRequests(std::shared_ptr<SqliteFile> file, std::int64_t study)
      : file_(std::move(file)), study_(study), changes_(file_->database, "PRAGMA data_version") {}

  base::Result<RequestId> ask(const trial::Request& request) override {
    return guarded(file_->name, [&]() -> base::Result<RequestId> {
      SQLite::Statement insert(file_->database, "INSERT INTO requests (study, wish, trial) VALUES (?, ?, ?)");
      insert.bind(1, study_);
      insert.bind(2, std::string(trial::name(request.wish)));
      if (request.trial) insert.bind(3, *request.trial);
      insert.exec();
      looked_at_.reset();
      return file_->database.getLastInsertRowid();
    });
  }

  base::Result<std::vector<Pending>> pending() override {
    return guarded(file_->name, [&]() -> base::Result<std::vector<Pending>> {
      const std::int64_t now = changes();
      if (looked_at_ != now) {
        pending_ = rows();
        looked_at_ = now;
      }
      return pending_;
    });
  }

  base::Result<> settle(RequestId id) override {
    return guarded(file_->name, [&]() -> base::Result<> {
      SQLite::Statement gone(file_->database, "DELETE FROM requests WHERE study = ? AND id = ?");
      gone.bind(1, study_);
      gone.bind(2, id);
      gone.exec();
      looked_at_.reset();
      return {};
    });
  }

 private:
  // A number that grows when another connection has changed the store: asking for it reads nothing else.
  std::int64_t changes() {
    changes_.tryReset();
    changes_.executeStep();
    const std::int64_t now = changes_.getColumn(0).getInt64();
    changes_.tryReset();
    return now;
  }

  // What this version knows to carry out.
  std::vector<Pending> rows() {
    SQLite::Statement rows(file_->database,
                           "SELECT id, wish, trial FROM requests WHERE study = ? ORDER BY id");
    rows.bind(1, study_);
    std::vector<Pending> all;
    while (rows.executeStep()) {
      const auto wish = trial::wish_named(rows.getColumn(1).getString());
      if (!wish) continue;
      const SQLite::Column trial = rows.getColumn(2);
      all.push_back({rows.getColumn(0).getInt64(),
                     {*wish, trial.isNull() ? std::nullopt : std::optional(trial.getInt())}});
    }
    return all;
  }

  std::shared_ptr<SqliteFile> file_;
  std::int64_t study_;
  SQLite::Statement changes_;
  std::optional<std::int64_t> looked_at_;  // at which number of changes; since then pending_ is what there is
  std::vector<Pending> pending_;
};

}  // namespace

base::Result<std::unique_ptr<Requests>> sqlite_requests(std::shared_ptr<SqliteFile> file,
                                                        std::int64_t study) {
  return guarded(file->name, [&]() -> base::Result<std::unique_ptr<Requests>> {
    file->database.exec(kTable);
    return std::make_unique<SqliteRequests>(file, study);
  });
}

}  // namespace sm2::journal
