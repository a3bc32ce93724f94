#include "cli/whole_file.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace sm2::cli {
namespace {

class WholeFile : public testing::Test {
 protected:
  WholeFile() {
    std::string pattern = testing::TempDir() + "sm2-whole-XXXXXX";
    folder_ = mkdtemp(pattern.data());
  }
  ~WholeFile() override { std::filesystem::remove_all(folder_); }

  static std::string read(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  }

  std::filesystem::path folder_;
};

TEST_F(WholeFile, ReplacesWhatWasThereAndLeavesNothingBeside) {
  const std::string path = folder_ / "page.html";
  ASSERT_TRUE(write_whole(path, "a longer first text", "-o FILE"));
  ASSERT_TRUE(write_whole(path, "second", "-o FILE"));
  EXPECT_EQ(read(path), "second");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 1);
}

TEST_F(WholeFile, LeavesAStoreAlone) {
  const std::string path = folder_ / "sm2.db";
  const std::string database = std::string("SQLite format 3") + '\0' + "and pages";
  std::ofstream(path, std::ios::binary) << database;
  const auto written = write_whole(path, "text", "-o FILE");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().message,
            path + ": it is a store, which is not overwritten; choose another place with -o FILE");
  EXPECT_EQ(read(path), database);
}

TEST_F(WholeFile, SaysWhichOptionNamesAnotherPlace) {
  const std::string path = folder_ / "nowhere" / "page.html";
  const auto written = write_whole(path, "text", "--html FILE");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().message, path + ": cannot be written; choose another place with --html FILE");
}

}  // namespace
}  // namespace sm2::cli
