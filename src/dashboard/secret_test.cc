#include "dashboard/secret.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

namespace sm2::dashboard {
namespace {

namespace fs = std::filesystem;

class SecretTest : public ::testing::Test {
 protected:
  void SetUp() override { fs::create_directories(folder); }
  void TearDown() override { fs::remove_all(folder); }
  fs::path write(const std::string& text, fs::perms mode = fs::perms::owner_read | fs::perms::owner_write) {
    std::ofstream(folder / "token") << text;
    fs::permissions(folder / "token", mode);
    return folder / "token";
  }
  const fs::path folder = fs::temp_directory_path() / ("sm2-secret-test-" + std::to_string(getpid()));
};

TEST_F(SecretTest, RandomTextIsLongAndNeverTheSame) {
  EXPECT_EQ(random_text().size(), 64u);
  EXPECT_NE(random_text(), random_text());
}

TEST_F(SecretTest, AreTheSameOrNot) {
  EXPECT_TRUE(same_secret("", ""));
  EXPECT_TRUE(same_secret("abc", "abc"));
  for (const char* other : {"abd", "bbc", "ab", "abcd", ""}) EXPECT_FALSE(same_secret("abc", other)) << other;
}

TEST_F(SecretTest, ATokenIsMadeWhereThereIsNone) {
  const mode_t before = umask(0);
  const auto made = read_or_make_token(folder / "new");
  umask(before);
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->size(), 64u);
  EXPECT_EQ(fs::status(folder / "new").permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(read_or_make_token(folder / "new"), made);
}

TEST_F(SecretTest, ATokenOfTheUsersIsRead) {
  const std::string token(32, 'a');
  EXPECT_EQ(*read_or_make_token(write(token)), token);
  EXPECT_EQ(*read_or_make_token(write(token + "\n")), token);
}

TEST_F(SecretTest, WhatOthersMayReadIsNoSecret) {
  for (const fs::perms open : {fs::perms::group_read, fs::perms::others_read, fs::perms::group_write}) {
    const auto read = read_or_make_token(write(std::string(32, 'a'), fs::perms::owner_read | open));
    ASSERT_FALSE(read);
    EXPECT_NE(read.error().message.find("chmod 600"), std::string::npos) << read.error().message;
    fs::remove(folder / "token");
  }
}

TEST_F(SecretTest, WhatIsNoTokenIsRefused) {
  for (const std::string& text :
       {std::string(), std::string(31, 'a'), std::string(257, 'a'), std::string(5000, 'a'),
        std::string(40, ' '), std::string(40, 'a') + "\n\n", std::string(40, 'a') + "\nb"})
    EXPECT_FALSE(read_or_make_token(write(text))) << text;
  EXPECT_FALSE(read_or_make_token(folder));
  EXPECT_FALSE(read_or_make_token(folder / "missing" / "token"));
}

}  // namespace
}  // namespace sm2::dashboard
