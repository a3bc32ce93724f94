#include "cli/new_place.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>

namespace sm2::cli {
namespace {

namespace fs = std::filesystem;

class NewPlace : public testing::Test {
 protected:
  NewPlace() {
    std::string pattern = testing::TempDir() + "sm2-place-XXXXXX";
    folder_ = mkdtemp(pattern.data());
  }
  ~NewPlace() override { fs::remove_all(folder_); }

  static MakeAt file(const std::string& text) {
    return [text](const fs::path& path) {
      std::ofstream(path) << text;
      return base::Result<>();
    };
  }
  static MakeAt folder(const std::string& inside) {
    return [inside](const fs::path& path) {
      fs::create_directory(path);
      std::ofstream(path / inside) << "x";
      return base::Result<>();
    };
  }
  static std::string read(const fs::path& path) {
    std::ifstream stream(path);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  std::size_t things() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_), {}));
  }

  fs::path folder_;
};

TEST_F(NewPlace, WhatIsThereIsReplacedOnlyWhereThatWasSaid) {
  ASSERT_TRUE(make_at(folder_ / "a", false, file("one")));
  const auto again = make_at(folder_ / "a", false, file("two"));
  ASSERT_FALSE(again);
  EXPECT_NE(again.error().message.find("exists already, and is not overwritten"), std::string::npos);
  EXPECT_EQ(read(folder_ / "a"), "one");
  ASSERT_TRUE(make_at(folder_ / "a", true, file("two")));
  EXPECT_EQ(read(folder_ / "a"), "two");
  EXPECT_EQ(things(), 1u) << "nothing is left beside it";
}

TEST_F(NewPlace, AFolderIsReplacedWhole) {
  ASSERT_TRUE(make_at(folder_ / "a", false, folder("old")));
  ASSERT_TRUE(make_at(folder_ / "a", true, folder("new")));
  EXPECT_TRUE(fs::exists(folder_ / "a" / "new"));
  EXPECT_FALSE(fs::exists(folder_ / "a" / "old"));
  EXPECT_EQ(things(), 1u);
}

TEST_F(NewPlace, AFailureLeavesWhatWasThereAndNothingElse) {
  ASSERT_TRUE(make_at(folder_ / "a", false, file("one")));
  const auto failed = make_at(folder_ / "a", true, [](const fs::path& path) -> base::Result<> {
    std::ofstream(path) << "half";
    return base::fail("no room");
  });
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().message, (folder_ / "a").string() + ": no room");
  EXPECT_EQ(read(folder_ / "a"), "one");
  EXPECT_EQ(things(), 1u);
  EXPECT_FALSE(make_at(folder_ / "a", true, folder("x"))) << "a folder is not put in the place of a file";
  EXPECT_EQ(read(folder_ / "a"), "one");
  EXPECT_FALSE(make_at(folder_ / "no" / "where", false, file("x")));
}

TEST_F(NewPlace, ADeviceOrAPipeIsNeverReplaced) {
  const fs::path pipe = folder_ / "pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  const auto refused = make_at(pipe, true, file("x"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message,
            pipe.string() + ": is neither a file nor a folder; choose another place with -o");
  EXPECT_TRUE(fs::is_fifo(pipe));
}

}  // namespace
}  // namespace sm2::cli
