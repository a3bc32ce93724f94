#include "study/checkpoint_copy.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <fstream>
#include <sstream>
#include <string>

namespace sm2::study {
namespace {

namespace fs = std::filesystem;

class CheckpointCopy : public ::testing::Test {
 protected:
  CheckpointCopy() {
    std::string name = "/tmp/sm2-copy-test-XXXXXX";
    folder_ = ::mkdtemp(name.data());
  }
  ~CheckpointCopy() override { fs::remove_all(folder_); }

  fs::path of(int trial, const std::string& name) const {
    return folder_ / "trials" / std::to_string(trial) / "checkpoints" / name;
  }
  static void write(const fs::path& file, const std::string& text) {
    fs::create_directories(file.parent_path());
    std::ofstream(file) << text;
  }
  static std::string read(const fs::path& file) {
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
  }

  fs::path folder_;
};

TEST_F(CheckpointCopy, CopiesAFileIntoAPrivateFolder) {
  write(of(0, "epoch-4"), "weights");
  ASSERT_TRUE(copy_checkpoint(of(0, "epoch-4"), of(7, "epoch-4")));
  EXPECT_EQ(read(of(7, "epoch-4")), "weights");
  for (const fs::path& path : {of(7, "").parent_path(), of(7, "").parent_path().parent_path()})
    EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_all) << path;
  write(of(0, "epoch-4"), "other weights");
  EXPECT_EQ(read(of(7, "epoch-4")), "weights") << "a copy, no link";
}

TEST_F(CheckpointCopy, CopiesAFolderWithAllThatIsInIt) {
  write(of(0, "epoch-4") / "model" / "part-1", "a");
  write(of(0, "epoch-4") / "optimizer", "b");
  ASSERT_TRUE(copy_checkpoint(of(0, "epoch-4"), of(7, "epoch-4")));
  EXPECT_EQ(read(of(7, "epoch-4") / "model" / "part-1"), "a");
  EXPECT_EQ(read(of(7, "epoch-4") / "optimizer"), "b");
}

TEST_F(CheckpointCopy, ALinkIsCopiedAsWhatItStandsFor) {
  write(of(0, "epoch-4"), "weights");
  fs::create_symlink("epoch-4", of(0, "last"));
  ASSERT_TRUE(copy_checkpoint(of(0, "last"), of(7, "last")));
  EXPECT_FALSE(fs::is_symlink(of(7, "last")));
  EXPECT_EQ(read(of(7, "last")), "weights");
}

TEST_F(CheckpointCopy, WhatAKillLeftOfAnEarlierAttemptIsNoCopy) {
  write(of(0, "epoch-4") / "model", "weights");
  write(folder_ / "trials" / "7" / "inherited.part" / "stale", "half");
  ASSERT_TRUE(copy_checkpoint(of(0, "epoch-4"), of(7, "epoch-4")));
  EXPECT_EQ(read(of(7, "epoch-4") / "model"), "weights");
  EXPECT_FALSE(fs::exists(of(7, "epoch-4") / "stale"));
  EXPECT_FALSE(fs::exists(folder_ / "trials" / "7" / "inherited.part"));
}

TEST_F(CheckpointCopy, WhatTheProgramSavedSinceIsKept) {
  write(of(0, "model"), "the parent's");
  write(of(7, "model"), "its own");
  ASSERT_TRUE(copy_checkpoint(of(0, "model"), of(7, "model")));
  EXPECT_EQ(read(of(7, "model")), "its own");
}

std::uintmax_t blocks(const fs::path& file) {
  struct stat status{};
  EXPECT_EQ(::stat(file.c_str(), &status), 0);
  return static_cast<std::uintmax_t>(status.st_blocks);
}

TEST_F(CheckpointCopy, HolesStayHoles) {
  write(of(0, "model"), "a");
  fs::resize_file(of(0, "model"), std::uintmax_t{1} << 40);
  std::fstream(of(0, "model"), std::ios::in | std::ios::out).seekp(1 << 30) << "b";
  ASSERT_TRUE(copy_checkpoint(of(0, "model"), of(7, "model")));
  EXPECT_EQ(fs::file_size(of(7, "model")), std::uintmax_t{1} << 40);
  EXPECT_LT(blocks(of(7, "model")), 1000u);
  std::ifstream copy(of(7, "model"));
  EXPECT_EQ(copy.get(), 'a');
  EXPECT_EQ(copy.seekg(1 << 30).get(), 'b');
}

TEST_F(CheckpointCopy, WhatTakesMoreThanTheLimitIsNotBegun) {
  write(of(0, "epoch-4") / "model", std::string(100'000, 'x'));
  const auto copied = copy_checkpoint_within({50'000}, of(0, "epoch-4"), of(7, "epoch-4"));
  ASSERT_FALSE(copied);
  EXPECT_NE(copied.error().message.find("more than the 50000 of limits.disk"), std::string::npos)
      << copied.error().message;
  EXPECT_FALSE(fs::exists(of(7, "epoch-4").parent_path().parent_path()));
}

TEST_F(CheckpointCopy, ItIsEndedBetweenChunksAndLeavesNothing) {
  write(of(0, "model"), std::string(40 << 20, 'x'));
  int asked = 0;
  const CopyBounds bounds{{}, [&] { return ++asked > 3; }};
  const auto copied = copy_checkpoint_within(bounds, of(0, "model"), of(7, "model"));
  ASSERT_FALSE(copied);
  EXPECT_NE(copied.error().message.find("Interrupted"), std::string::npos) << copied.error().message;
  EXPECT_TRUE(fs::is_empty(of(7, "model").parent_path()));
  EXPECT_FALSE(fs::exists(folder_ / "trials" / "7" / "inherited.part"));
}

TEST_F(CheckpointCopy, AFailureSaysWhyAndLeavesNothing) {
  write(of(0, "model"), std::string(1 << 20, 'x'));
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const rlimit small{1 << 18, before.rlim_max};
  const auto handler = ::signal(SIGXFSZ, SIG_IGN);
  ::setrlimit(RLIMIT_FSIZE, &small);
  const auto copied = copy_checkpoint(of(0, "model"), of(7, "model"));
  ::setrlimit(RLIMIT_FSIZE, &before);
  ::signal(SIGXFSZ, handler);
  ASSERT_FALSE(copied);
  EXPECT_NE(copied.error().message.find("File too large"), std::string::npos) << copied.error().message;
  EXPECT_FALSE(fs::exists(folder_ / "trials" / "7" / "inherited.part"));
}

TEST_F(CheckpointCopy, AMissingCheckpointIsNamed) {
  const auto copied = copy_checkpoint(of(0, "epoch-4"), of(7, "epoch-4"));
  ASSERT_FALSE(copied);
  EXPECT_NE(copied.error().message.find("0/checkpoints/epoch-4' cannot be copied: No such file"),
            std::string::npos)
      << copied.error().message;
  EXPECT_FALSE(fs::exists(of(7, "epoch-4")));
}

}  // namespace
}  // namespace sm2::study
