#include "runner/holdings.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

namespace sm2::runner {
namespace {

namespace fs = std::filesystem;

class HoldingsTest : public testing::Test {
 protected:
  HoldingsTest() {
    std::string pattern = (fs::temp_directory_path() / "sm2-holdings-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~HoldingsTest() override { fs::remove_all(folder_); }

  Holdings holdings(std::optional<std::size_t> memory, std::optional<std::size_t> disk) {
    Limits limits;
    limits.memory = memory;
    limits.disk = disk;
    return Holdings(limits, folder_, [this] { return ++asked_, std::vector<pid_t>{::getpid()}; });
  }

  fs::path folder_;
  int asked_ = 0;  // for the processes
};

TEST_F(HoldingsTest, NothingIsLookedAtWithoutALimit) {
  Holdings none = holdings({}, {});
  EXPECT_FALSE(none.look(nullptr));
  EXPECT_FALSE(none.next());
  EXPECT_EQ(asked_, 0);
}

TEST_F(HoldingsTest, MemoryOverItsLimitIsOutOfMemory) {
  const auto over = holdings(1000, {}).look(nullptr);
  ASSERT_TRUE(over);
  const auto* memory = std::get_if<trial::OutOfMemory>(&*over);
  ASSERT_TRUE(memory);
  EXPECT_EQ(memory->detail.substr(0, 14), "limit memory: ");
  EXPECT_FALSE(holdings(std::size_t{1} << 50, {}).look(nullptr));
}

TEST_F(HoldingsTest, AFolderOverItsLimitIsExceeded) {
  EXPECT_FALSE(holdings({}, 1 << 20).look(nullptr));
  std::ofstream(folder_ / "weights") << std::string(2 << 20, 'x') << std::flush;
  const auto over = holdings({}, 1 << 20).look(nullptr);
  ASSERT_TRUE(over);
  const auto* exceeded = std::get_if<trial::Exceeded>(&*over);
  ASSERT_TRUE(exceeded);
  EXPECT_EQ(exceeded->limit, "disk");
}

TEST_F(HoldingsTest, ALookIsDueNowAndThen) {
  Holdings both = holdings(std::size_t{1} << 50, std::size_t{1} << 50);
  EXPECT_FALSE(both.look(nullptr));
  EXPECT_EQ(asked_, 1);
  EXPECT_GT(both.next(), base::Seconds(0));
  both.look_at_memory_soon();
  EXPECT_EQ(both.next(), base::Seconds(0));
  EXPECT_FALSE(both.look(nullptr));
  EXPECT_EQ(asked_, 2);
}

}  // namespace
}  // namespace sm2::runner
