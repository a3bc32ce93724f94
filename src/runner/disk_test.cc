#include "runner/disk.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

namespace sm2::runner {
namespace {

namespace fs = std::filesystem;

class DiskTest : public testing::Test {
 protected:
  DiskTest() {
    std::string pattern = (fs::temp_directory_path() / "sm2-disk-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~DiskTest() override { fs::remove_all(folder_); }

  void write(const fs::path& name, std::size_t bytes) {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << std::string(bytes, 'x') << std::flush;
  }

  fs::path folder_;
};

TEST_F(DiskTest, CountsFilesAtAnyDepth) {
  write("log", 100'000);
  write("checkpoints/epoch-1/weights", 300'000);
  EXPECT_GE(disk_of(folder_), 400'000u);
  EXPECT_LT(disk_of(folder_), 600'000u);
}

TEST_F(DiskTest, LinksAddNothing) {
  write("weights", 1'000'000);
  fs::create_hard_link(folder_ / "weights", folder_ / "best");
  fs::create_directory_symlink("/", folder_ / "root");
  fs::create_symlink(folder_ / "weights", folder_ / "latest");
  EXPECT_LT(disk_of(folder_), 1'200'000u);
}

TEST_F(DiskTest, AFileOfHolesTakesWhatItTakes) {
  write("sparse", 1);
  fs::resize_file(folder_ / "sparse", 1u << 30);
  EXPECT_LT(disk_of(folder_), 1'000'000u);
}

TEST_F(DiskTest, AFolderThatIsNotThereTakesNothing) { EXPECT_EQ(disk_of(folder_ / "missing"), 0u); }

}  // namespace
}  // namespace sm2::runner
