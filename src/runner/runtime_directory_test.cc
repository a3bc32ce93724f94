#include "runner/runtime_directory.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <fstream>

namespace sm2::runner {
namespace {

namespace fs = std::filesystem;

class RuntimeDirectoryTest : public testing::Test {
 protected:
  RuntimeDirectoryTest() {
    std::string pattern = "/tmp/sm2test-XXXXXX";
    parent_ = ::mkdtemp(pattern.data());
  }
  ~RuntimeDirectoryTest() override { fs::remove_all(parent_); }

  // As a tuner leaves it that is killed.
  fs::path left_behind() {
    const pid_t dead = ::fork();
    if (dead == 0) ::_exit(0);
    ::waitpid(dead, nullptr, 0);
    const fs::path path = parent_ / ("sm2-" + std::to_string(dead) + "-abcdef");
    ::mkdir(path.c_str(), 0700);
    return path;
  }
  static void make_socket(const fs::path& path) {
    const base::Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strcpy(address.sun_path, path.c_str());
    ASSERT_EQ(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  }

  fs::path parent_;
};

TEST_F(RuntimeDirectoryTest, IsPrivateAndRemovedAtTheEnd) {
  fs::path path;
  {
    const auto directory = RuntimeDirectory::make_in(parent_);
    ASSERT_TRUE(directory);
    path = directory->path();
    EXPECT_EQ(fs::status(path).permissions(), fs::perms(0700));
    make_socket(path / "7");
  }
  EXPECT_FALSE(fs::exists(path));
}

TEST_F(RuntimeDirectoryTest, RemovesThoseOfDeadTuners) {
  const auto stale = left_behind();
  make_socket(stale / "3");
  const auto directory = RuntimeDirectory::make_in(parent_);
  EXPECT_FALSE(fs::exists(stale));
}

TEST_F(RuntimeDirectoryTest, LeavesAloneWhatIsNotSafelyOurs) {
  const auto open_to_all = left_behind();
  fs::permissions(open_to_all, fs::perms(0755));
  const auto with_file = left_behind();
  std::ofstream(with_file / "precious") << "data";
  const auto target = left_behind();
  const auto link = left_behind();
  fs::remove(link);
  fs::create_directory_symlink(parent_ / "elsewhere", link);
  fs::create_directory(parent_ / "elsewhere");
  const auto live = RuntimeDirectory::make_in(parent_);
  const auto second = RuntimeDirectory::make_in(parent_);
  EXPECT_TRUE(fs::exists(open_to_all));
  EXPECT_TRUE(fs::exists(with_file / "precious"));
  EXPECT_FALSE(fs::exists(target));
  EXPECT_TRUE(fs::exists(parent_ / "elsewhere"));
  EXPECT_TRUE(fs::exists(live->path()));
}

TEST_F(RuntimeDirectoryTest, SaysWhereItCannotBe) {
  const auto none = RuntimeDirectory::make_in(parent_ / "missing");
  ASSERT_FALSE(none);
  EXPECT_NE(none.error().message.find("missing"), std::string::npos);
}

}  // namespace
}  // namespace sm2::runner
