#include "base/private_folder.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <fstream>

namespace sm2::base {
namespace {

namespace fs = std::filesystem;

class PrivateFolderTest : public testing::Test {
 protected:
  PrivateFolderTest() {
    std::string pattern = (fs::temp_directory_path() / "sm2-private-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~PrivateFolderTest() override { fs::remove_all(folder_); }

  fs::path folder_;
};

TEST_F(PrivateFolderTest, EveryFolderItMakesIsItsUsersOnly) {
  const mode_t old = ::umask(0);
  const auto failure = make_private_folders(folder_ / "a" / "b" / "c");
  ::umask(old);
  EXPECT_FALSE(failure) << failure.message();
  for (const auto& made : {folder_ / "a", folder_ / "a" / "b", folder_ / "a" / "b" / "c"}) {
    EXPECT_EQ(fs::status(made).permissions(), fs::perms::owner_all) << made;
  }
}

TEST_F(PrivateFolderTest, WhatExistsStaysAsItIs) {
  fs::permissions(folder_, fs::perms(0755));
  EXPECT_FALSE(make_private_folders(folder_ / "a/"));
  EXPECT_FALSE(make_private_folders(folder_ / "a"));
  EXPECT_EQ(fs::status(folder_).permissions(), fs::perms(0755));
}

TEST_F(PrivateFolderTest, AFileInTheWayIsAnError) {
  std::ofstream(folder_ / "file") << "x";
  EXPECT_EQ(make_private_folders(folder_ / "file" / "a"), std::errc::file_exists);
  EXPECT_EQ(make_private_folders(folder_ / "file"), std::errc::file_exists);
}

}  // namespace
}  // namespace sm2::base
