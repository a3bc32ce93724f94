#include "dashboard/trial_log.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

namespace sm2::dashboard {
namespace {

namespace fs = std::filesystem;

class TrialLogTest : public ::testing::Test {
 protected:
  void SetUp() override { fs::create_directories(place); }
  void TearDown() override { fs::remove_all(folder); }
  void write(const std::string& text) { std::ofstream(place / "log", std::ios::binary) << text; }
  std::string end() const { return end_of_log(study, 3).value_or("none"); }

  const fs::path folder = fs::temp_directory_path() / ("sm2-log-test-" + std::to_string(getpid()));
  const fs::path study = folder / "sm2.trials" / "s";
  const fs::path place = study / "3";
};

TEST_F(TrialLogTest, IsShown) {
  write("one\ntwo\n");
  EXPECT_EQ(end(), "one\ntwo\n");
}

TEST_F(TrialLogTest, ThatIsNotThereIsNone) {
  EXPECT_EQ(end(), "none");
  EXPECT_FALSE(end_of_log(folder / "missing" / "s", 3));
  EXPECT_FALSE(end_of_log(study, 4));
}

TEST_F(TrialLogTest, OfALongOneTheEndIsShown) {
  std::string text;
  for (int line = 0; text.size() <= 2 * kMostOfLog; ++line) text += "line " + std::to_string(line) + "\n";
  write(text + "last\n");
  EXPECT_LE(end().size(), kMostOfLog + 100);
  EXPECT_TRUE(end().starts_with("... ")) << end().substr(0, 100);
  EXPECT_NE(end().find(" bytes before this are left out ...\nline "), std::string::npos);
  EXPECT_TRUE(end().ends_with("\nlast\n"));
}

TEST_F(TrialLogTest, HasNothingThatATerminalObeys) {
  write("a\x1b[31mred\x07\x01\tb\r\n50%\r100%\r\xff\xe2\x80\xae\n");
  for (const char c : end()) EXPECT_TRUE(c == '\n' || (c >= ' ' && c < 0x7f)) << static_cast<int>(c);
  EXPECT_TRUE(end().starts_with("a\\x1b[31mred")) << end();
  EXPECT_NE(end().find("\n50%\n100%\n"), std::string::npos) << end();
}

TEST_F(TrialLogTest, NoLinkIsFollowed) {
  std::ofstream(folder / "secret") << "secret\n";
  fs::create_directories(folder / "elsewhere" / "3");
  fs::create_symlink(folder / "secret", folder / "elsewhere" / "3" / "log");
  fs::create_symlink(folder / "secret", place / "log");
  EXPECT_EQ(end(), "none") << "the log";
  std::ofstream(folder / "elsewhere" / "log") << "secret\n";
  fs::create_directory_symlink(folder / "elsewhere", study / "5");
  EXPECT_FALSE(end_of_log(study, 5)) << "the folder of the trial";
  fs::remove(folder / "elsewhere" / "3" / "log");
  std::ofstream(folder / "elsewhere" / "3" / "log") << "secret\n";
  fs::create_directory_symlink(folder / "elsewhere", folder / "sm2.trials" / "linked");
  EXPECT_FALSE(end_of_log(folder / "sm2.trials" / "linked", 3)) << "the folder of the study";
}

TEST_F(TrialLogTest, WhatIsNoFileIsNotRead) {
  ASSERT_EQ(mkfifo((place / "log").c_str(), 0600), 0);
  EXPECT_EQ(end(), "none");
  fs::remove(place / "log");
  fs::create_directory(place / "log");
  EXPECT_EQ(end(), "none");
}

}  // namespace
}  // namespace sm2::dashboard
