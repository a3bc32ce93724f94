#include "meter/processor.h"

#include <gtest/gtest.h>
#include <sched.h>

#include <cstdlib>
#include <fstream>

namespace sm2::meter {
namespace {

class ProcessorTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = std::filesystem::temp_directory_path() / "sm2-proc-XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    proc_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(proc_); }

  std::filesystem::path proc_;
};

TEST_F(ProcessorTest, ReadsTheFirstProcessorOfCpuinfo) {
  std::ofstream(proc_ / "cpuinfo")
      << "processor\t: 0\nvendor_id\t: AuthenticAMD\ncpu family\t: 23\nmodel\t\t: 49\n"
         "model name\t: AMD EPYC 7502 32-Core Processor\nstepping\t: 2\nflags\t\t:\n\n"
         "processor\t: 1\nvendor_id\t: Other\n";
  const Processor processor = read_processor(proc_);
  EXPECT_EQ(processor.vendor, "AuthenticAMD");
  EXPECT_EQ(processor.name, "AMD EPYC 7502 32-Core Processor");
  EXPECT_EQ(processor.family, 23);
  EXPECT_EQ(processor.model, 49);
  EXPECT_EQ(processor.stepping, 2);
}

TEST_F(ProcessorTest, LeavesOpenWhatIsNotSaid) {
  std::ofstream(proc_ / "cpuinfo")
      << "processor\t: 0\nBogoMIPS\t: 50.00\nCPU implementer\t: 0x41\nnonsense\n: x\n";
  EXPECT_EQ(read_processor(proc_).vendor, "");
  EXPECT_EQ(read_processor(proc_ / "absent").family, 0);
}

TEST(AvailableProcessors, FollowsTheAffinity) {
  cpu_set_t before;
  ASSERT_EQ(sched_getaffinity(0, sizeof before, &before), 0);
  EXPECT_EQ(available_processors(), CPU_COUNT(&before));
  int first = 0;
  while (!CPU_ISSET(first, &before)) ++first;
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(first, &one);
  ASSERT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
  EXPECT_EQ(available_processors(), 1);
  ASSERT_EQ(sched_setaffinity(0, sizeof before, &before), 0);
}

}  // namespace
}  // namespace sm2::meter
