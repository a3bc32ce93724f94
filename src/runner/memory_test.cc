#include "runner/memory.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <string>

namespace sm2::runner {
namespace {

namespace fs = std::filesystem;

class Memory : public ::testing::Test {
 protected:
  Memory() {
    std::string name = "/tmp/sm2-memory-test-XXXXXX";
    proc_ = ::mkdtemp(name.data());
  }
  ~Memory() override { fs::remove_all(proc_); }

  void write(pid_t pid, const char* file, const std::string& text) {
    fs::create_directories(proc_ / std::to_string(pid));
    std::ofstream(proc_ / std::to_string(pid) / file) << text;
  }

  fs::path proc_;
};

constexpr const char* kRollup =
    "5581-7ffd ---p 00000000 00:00 0    [rollup]\nRss:    900 kB\nPss:    500 kB\nPss_Anon:    300 kB\n"
    "Pss_File:    190 kB\nPss_Shmem:    10 kB\n";

TEST_F(Memory, AddsWhatProcessesHoldWithoutThePageCache) {
  write(10, "smaps_rollup", kRollup);
  write(11, "smaps_rollup", kRollup);
  EXPECT_EQ(memory_of({10, 11}, proc_), 2 * 310u * 1024);
}

TEST_F(Memory, CountsResidentPagesWhereTheKernelTellsNoShares) {
  write(10, "statm", "1000 25 5 1 0 1 0\n");
  EXPECT_EQ(memory_of({10}, proc_), 25u * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)));
}

TEST_F(Memory, AProcessThatIsGoneCountsNothingAndUnknownIsNotZero) {
  write(10, "smaps_rollup", kRollup);
  EXPECT_EQ(memory_of({10, 12}, proc_), 310u * 1024);
  EXPECT_EQ(memory_of({12}, proc_), std::nullopt);
  EXPECT_EQ(memory_of({}, proc_), std::nullopt);
}

TEST_F(Memory, ResidentPagesAreAllPages) {
  write(10, "smaps_rollup", kRollup);
  write(10, "statm", "1000 25 5 1 0 1 0\n");
  EXPECT_EQ(resident_of({10, 12}, proc_), 25u * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)));
  EXPECT_EQ(resident_of({12}, proc_), std::nullopt);
}

TEST_F(Memory, ThisProcessHoldsWhatItTouches) {
  const auto before = memory_of({::getpid()});
  std::string touched(64 << 20, 'x');
  const auto after = memory_of({::getpid()});
  ASSERT_TRUE(before && after);
  EXPECT_GT(*after, *before + (60 << 20)) << touched.back();
}

}  // namespace
}  // namespace sm2::runner
