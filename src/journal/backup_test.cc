#include "journal/backup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "journal/sqlite.h"

namespace sm2::journal {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class BackupTest : public ::testing::Test {
 protected:
  BackupTest() : folder_(TemporaryFolder::make().value()), file_(folder_.path() / "store.db") {
    journal_ = open_sqlite(file_, Access::kWrite).value()->create("x").value();
    append(3);
  }
  void append(int count) {
    for (int k = 0; k < count; ++k) {
      const trial::Event event{base::Seconds(1), trial::Launched{k, {}}};
      EXPECT_TRUE(journal_->append({&event, 1}));
    }
  }
  static std::size_t events(const fs::path& file) {
    return open_sqlite(file, Access::kRead).value()->open("x").value()->read().value().size();
  }

  TemporaryFolder folder_;
  fs::path file_;
  std::unique_ptr<Journal> journal_;
};

TEST_F(BackupTest, IsTheStoreAtOneMoment) {
  const fs::path copy = folder_.path() / "a copy'; --.db";
  const auto done = back_up_sqlite(file_, copy);
  ASSERT_TRUE(done) << done.error().message;
  append(2);
  EXPECT_EQ(events(copy), 3u);
  EXPECT_EQ(events(file_), 5u);
  EXPECT_EQ(fs::status(copy).permissions() & fs::perms::all, fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_FALSE(fs::exists(copy.string() + ".new"));
  EXPECT_TRUE(open_sqlite(copy, Access::kWrite)->get()->open("x")) << "a copy can take the store's place";
}

TEST_F(BackupTest, OverwritesNothing) {
  const fs::path taken = folder_.path() / "taken";
  std::ofstream(taken) << "mine";
  fs::create_symlink(folder_.path() / "nowhere", folder_.path() / "link");
  for (const fs::path& place : {taken, folder_.path() / "link", file_}) {
    const auto refused = back_up_sqlite(file_, place);
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("exists already"));
  }
  EXPECT_EQ(fs::file_size(taken), 4u);
  std::ofstream(folder_.path() / "half.new") << "theirs";
  EXPECT_FALSE(back_up_sqlite(file_, folder_.path() / "half"));
  EXPECT_EQ(fs::file_size(folder_.path() / "half.new"), 6u);
}

TEST_F(BackupTest, WhatFailsLeavesNothing) {
  EXPECT_FALSE(back_up_sqlite(file_, folder_.path() / "no" / "folder.db"));
  EXPECT_FALSE(back_up_sqlite(folder_.path() / "missing.db", folder_.path() / "copy.db"));
  EXPECT_FALSE(fs::exists(folder_.path() / "copy.db"));
}

TEST_F(BackupTest, DamageIsFound) {
  EXPECT_TRUE(damage_of_sqlite(file_)->empty());
  append(300);
  const fs::path copy = folder_.path() / "copy.db";
  ASSERT_TRUE(back_up_sqlite(file_, copy));
  std::fstream page(copy, std::ios::in | std::ios::out | std::ios::binary);
  page.seekp(3 * 4096);
  page << std::string(4096, 'x');
  page.close();
  const auto found = damage_of_sqlite(copy);
  EXPECT_TRUE(!found || !found->empty());
}

}  // namespace
}  // namespace sm2::journal
