#include "journal/migration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <filesystem>

#include "journal/codec.h"
#include "journal/sqlite.h"

namespace sm2::journal {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

void add_column(SQLite::Database& database) { database.exec("ALTER TABLE events ADD COLUMN origin TEXT"); }
void rename_table(SQLite::Database& database) { database.exec("ALTER TABLE events RENAME TO happened"); }
void fails_half_way(SQLite::Database& database) {
  database.exec("DELETE FROM studies");
  database.exec("there is no such statement");
}

constexpr std::array<Step, 2> kSteps = {add_column, rename_table};
constexpr std::array<Step, 2> kBrokenSteps = {add_column, fails_half_way};
const Schema kThird{3, kSteps}, kBroken{3, kBrokenSteps};

class MigrationTest : public ::testing::Test {
 protected:
  MigrationTest() : folder_(TemporaryFolder::make().value()), file_(folder_.path() / "a store.db") {
    auto store = open_sqlite(file_, Access::kWrite).value();
    journal_ = store->create("x").value();
    EXPECT_TRUE(append());
  }
  base::Result<> append() {
    const trial::Event event{base::Seconds(1), trial::Created{"text"}};
    return journal_->append({&event, 1});
  }
  static int version(const fs::path& file) {
    SQLite::Database database(file.string());
    return database.execAndGet("PRAGMA user_version").getInt();
  }
  static int rows(const fs::path& file, const std::string& table) {
    SQLite::Database database(file.string());
    return database.execAndGet("SELECT count(*) FROM " + table).getInt();
  }

  TemporaryFolder folder_;
  fs::path file_;
  std::unique_ptr<Journal> journal_;
};

TEST_F(MigrationTest, LeadsThroughEveryVersionAndLaysACopyBeside) {
  ASSERT_TRUE(open_file(file_, Access::kWrite, kThird));
  EXPECT_EQ(version(file_), 3);
  EXPECT_EQ(rows(file_, "happened WHERE origin IS NULL"), 1);
  const fs::path copy = file_.string() + ".version-1";
  EXPECT_EQ(version(copy), kSchemaVersion);
  EXPECT_EQ(open_sqlite(copy, Access::kRead).value()->open("x").value()->read()->size(), 1u);
  EXPECT_EQ(fs::status(copy).permissions() & fs::perms::all, fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_TRUE(open_file(file_, Access::kWrite, kThird)) << "what is of the wanted version is left alone";
}

TEST_F(MigrationTest, AStepThatFailsLeavesTheVersionBefore) {
  const auto failed = open_file(file_, Access::kWrite, kBroken);
  ASSERT_FALSE(failed);
  EXPECT_THAT(failed.error().message, HasSubstr("cannot be brought from version 2 to 3"));
  EXPECT_EQ(version(file_), 2);
  EXPECT_EQ(rows(file_, "studies"), 1);
  EXPECT_TRUE(open_file(file_, Access::kWrite, kThird)) << "and can be gone on with";
  EXPECT_EQ(version(file_), 3);
  EXPECT_EQ(version(file_.string() + ".version-1"), 1);
}

TEST_F(MigrationTest, ReadingChangesNothing) {
  const auto read = open_file(file_, Access::kRead, kThird);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ((*read)->database.execAndGet("SELECT count(*) FROM happened").getInt(), 1);
  EXPECT_EQ((*read)->name, file_.string());
  EXPECT_EQ(version(file_), 1);
  EXPECT_FALSE(fs::exists(file_.string() + ".version-1"));
}

TEST_F(MigrationTest, ANewerVersionIsRefusedByName) {
  ASSERT_TRUE(open_file(file_, Access::kWrite, kThird));
  for (const Access access : {Access::kRead, Access::kWrite}) {
    const auto refused = open_file(file_, access);
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("schema 3, this one knows 1"));
  }
}

TEST_F(MigrationTest, ATunerOfTheVersionBeforeWritesNoMore) {
  ASSERT_TRUE(open_file(file_, Access::kWrite, {2, kSteps}));
  const auto refused = append();
  ASSERT_FALSE(refused);
  EXPECT_FALSE(journal_->transient());
  EXPECT_THAT(refused.error().message, HasSubstr("a newer sm2 has brought it to version 2"));
}

}  // namespace
}  // namespace sm2::journal
