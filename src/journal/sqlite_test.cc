// What SQLite and the file system can do to a store while it is open.
#include "journal/sqlite.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <fstream>

#include "journal/sqlite_error.h"

namespace sm2::journal {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class SqliteTest : public ::testing::Test {
 protected:
  SqliteTest() : folder_(TemporaryFolder::make().value()), file_(folder_.path() / "store.db") {
    journal_ = open_sqlite(file_, Access::kWrite).value()->create("x").value();
    EXPECT_TRUE(append());
  }
  base::Result<> append() {
    const trial::Event event{base::Seconds(1), trial::Launched{1, {}}};
    return journal_->append({&event, 1});
  }
  std::size_t events() const { return journal_->read().value().size(); }

  TemporaryFolder folder_;
  fs::path file_;
  std::unique_ptr<Journal> journal_;
};

TEST_F(SqliteTest, AnotherProcesssLockPasses) {
  SQLite::Database other(file_.string(), SQLite::OPEN_READWRITE);
  other.exec("BEGIN EXCLUSIVE");
  const auto refused = append();
  ASSERT_FALSE(refused);
  EXPECT_TRUE(journal_->transient());
  EXPECT_THAT(refused.error().message, HasSubstr("another process has locked it"));
  other.exec("ROLLBACK");
  EXPECT_TRUE(append());
  EXPECT_EQ(events(), 2u);
}

TEST(SqliteError, SaysWhatPassesAndWhatDoesNot) {
  for (const int code : {SQLITE_FULL, SQLITE_READONLY, SQLITE_BUSY, SQLITE_IOERR, SQLITE_CANTOPEN})
    EXPECT_TRUE(transient(SQLite::Exception("why", code))) << code;
  for (const int code : {SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_CONSTRAINT, SQLITE_ERROR})
    EXPECT_FALSE(transient(SQLite::Exception("why", code))) << code;
  EXPECT_EQ(explain(SQLite::Exception("why", SQLITE_FULL), "store.db").message,
            "store store.db: no space is left for it; free some on its file system (why)");
}

TEST_F(SqliteTest, AStoreThatWasDeletedOrReplacedEndsTheStudy) {
  const struct {
    const char* end;
    bool replace;
    const char* says;
  } cases[] = {{"", false, "was deleted"},
               {"", true, "was replaced"},
               {"-wal", false, "was deleted"},
               {"-wal", true, "was replaced"}};
  for (const auto& tried : cases) {
    const fs::path store = folder_.path() / "other.db", lost = store.string() + tried.end;
    journal_ = open_sqlite(store, Access::kWrite).value()->create("x").value();
    EXPECT_TRUE(append());
    fs::rename(lost, folder_.path() / "away");
    if (tried.replace) std::ofstream(lost) << "mine";
    const auto refused = append();
    ASSERT_FALSE(refused);
    EXPECT_FALSE(journal_->transient());
    EXPECT_THAT(refused.error().message, HasSubstr(tried.says));
    EXPECT_THAT(refused.error().message, HasSubstr(lost.string()));
    journal_.reset();
    EXPECT_EQ(fs::exists(lost), tried.replace) << "what took its place is left alone";
    for (const char* end : {"", "-wal", "-shm"}) fs::remove(store.string() + end);
  }
}

TEST_F(SqliteTest, AForeignDatabaseIsLeftAsItIs) {
  const fs::path foreign = folder_.path() / "foreign.db";
  SQLite::Database(foreign.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec("CREATE TABLE t (x)");
  EXPECT_FALSE(open_sqlite(foreign, Access::kWrite));
  SQLite::Database database(foreign.string());
  EXPECT_EQ(database.execAndGet("PRAGMA journal_mode").getString(), "delete");
}

TEST_F(SqliteTest, DamageDoesNotPass) {
  const std::string garbage(8192, 'x');
  std::ofstream(folder_.path() / "damaged.db") << "SQLite format 3" << '\0' << garbage;
  const auto refused = open_sqlite(folder_.path() / "damaged.db", Access::kRead);
  EXPECT_FALSE(refused);
}

}  // namespace
}  // namespace sm2::journal
