#include "journal/sqlite_claim.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "journal/sqlite.h"

namespace sm2::journal {
namespace {

namespace fs = std::filesystem;

class SqliteClaimTest : public testing::Test {
 protected:
  SqliteClaimTest() {
    std::string pattern = (fs::temp_directory_path() / "sm2-claim-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~SqliteClaimTest() override { fs::remove_all(folder_); }

  std::unique_ptr<Store> opened(const std::string& name = "a.db") const {
    return std::move(*open_sqlite(folder_ / name, Access::kWrite));
  }

  fs::path folder_;
};

TEST_F(SqliteClaimTest, OneTunerHasAStudyByWhateverNameItsStoreIsOpened) {
  const auto store = opened();
  fs::create_symlink("a.db", folder_ / "link.db");
  const auto by_link = opened("link.db");
  ASSERT_TRUE(store->claim("x"));
  EXPECT_FALSE(opened()->claim("x"));
  EXPECT_FALSE(by_link->claim("x"));
  EXPECT_TRUE(by_link->claimed("x"));
  EXPECT_FALSE(by_link->claimed("y"));
  EXPECT_TRUE(by_link->claim("y"));
}

TEST_F(SqliteClaimTest, ItIsFreeAgainWithItsStore) {
  ASSERT_TRUE(opened()->claim("x"));
  const auto store = opened();
  EXPECT_FALSE(store->claimed("x"));
  EXPECT_TRUE(store->claim("x"));
}

TEST_F(SqliteClaimTest, ItEndsWithItsProcess) {
  const auto store = opened();
  const pid_t tuner = ::fork();
  if (tuner == 0) {
    const auto own = opened();
    if (!own->claim("x")) ::_exit(1);
    for (;;) ::pause();
  }
  while (!store->claimed("x")) ::usleep(1'000);
  EXPECT_FALSE(store->claim("x"));
  ::kill(tuner, SIGKILL);
  ::waitpid(tuner, nullptr, 0);
  EXPECT_TRUE(store->claim("x"));
}

// In WAL mode a connection holds a shared lock for as long as it is open; only another process sees it.
bool sqlite_holds_its_lock(const fs::path& file) {
  const pid_t child = ::fork();
  if (child == 0) {
    struct flock asked{};
    asked.l_type = F_WRLCK;
    asked.l_whence = SEEK_SET;
    asked.l_start = 0x40000002;
    asked.l_len = 510;
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CLOEXEC);
    ::_exit(::fcntl(descriptor, F_GETLK, &asked) == 0 && asked.l_type != F_UNLCK ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return status == 0;
}

TEST_F(SqliteClaimTest, NoLockOfSqliteIsLostByIt) {
  const auto store = opened();
  ASSERT_TRUE(store->create("x"));
  ASSERT_TRUE(sqlite_holds_its_lock(folder_ / "a.db"));
  EXPECT_FALSE(store->claimed("x"));
  EXPECT_TRUE(opened()->claim("x"));
  EXPECT_TRUE(sqlite_holds_its_lock(folder_ / "a.db"));
}

TEST_F(SqliteClaimTest, AFileOfTwoNamesIsNotWrittenTo) {
  opened();
  fs::create_hard_link(folder_ / "a.db", folder_ / "b.db");
  const auto refused = open_sqlite(folder_ / "b.db", Access::kWrite);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("the file has 2 names"), std::string::npos);
}

}  // namespace
}  // namespace sm2::journal
