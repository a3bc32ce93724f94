#include "cluster/keeper.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

namespace sm2::cluster {
namespace {

using base::Seconds;
using ::testing::Contains;
using ::testing::HasSubstr;

TEST(ReplacingTest, AsksForWhatIsMissing) {
  Replacing replacing(4);
  EXPECT_EQ(replacing.missing(0, Seconds(0)), 4);
  EXPECT_EQ(replacing.missing(3, Seconds(0)), 1);
  EXPECT_EQ(replacing.missing(5, Seconds(0)), 0);
}

TEST(ReplacingTest, WaitsEverLongerWhereJobsEndSoon) {
  Replacing replacing(1);
  Seconds now;
  std::vector<double> waited;
  for (int k = 0; k < 9; ++k) {
    const Seconds before = now;
    while (replacing.missing(0, now) == 0) now += Seconds(1);
    waited.push_back((now - before).value);
    replacing.submitted(now);
  }
  EXPECT_EQ(waited, (std::vector<double>{0, 15, 30, 60, 120, 240, 480, 900, 900}));
  EXPECT_EQ(replacing.failures(), 8);
}

TEST(ReplacingTest, AJobThatLastedIsReplacedAtOnce) {
  Replacing replacing(1);
  replacing.submitted(Seconds(0));
  EXPECT_EQ(replacing.missing(0, Seconds(3600)), 1);
  replacing.submitted(Seconds(3600));
  EXPECT_EQ(replacing.failures(), 0);
}

class FakeBatch final : public Batch {
 public:
  base::Result<int> alive() override { return jobs.load(); }
  base::Result<> submit(int count) override {
    if (refuses) return base::fail("no such partition");
    jobs += count;
    return {};
  }
  base::Result<> cancel() override {
    jobs = 0;
    return {};
  }
  std::string where_logs_are() const override { return "there"; }

  std::atomic<int> jobs = 0;
  bool refuses = false;
};

std::vector<std::string> until_said(Keeper& keeper) {
  std::vector<std::string> lines;
  while (lines.empty()) {
    lines = keeper.news();
    std::this_thread::yield();
  }
  return lines;
}

TEST(KeeperTest, SubmitsAndCancels) {
  const base::SystemClock clock;
  FakeBatch batch;
  {
    Keeper keeper(batch, 3, clock);
    EXPECT_THAT(until_said(keeper), Contains("3 worker jobs submitted"));
    EXPECT_EQ(batch.jobs, 3);
  }
  EXPECT_EQ(batch.jobs, 0);
}

TEST(KeeperTest, TakesJobsThatAreThere) {
  const base::SystemClock clock;
  FakeBatch batch;
  batch.jobs = 2;
  Keeper keeper(batch, 3, clock);
  EXPECT_THAT(until_said(keeper), Contains("1 worker job submitted"));
}

TEST(KeeperTest, SaysWhyThereAreNone) {
  const base::SystemClock clock;
  FakeBatch batch;
  batch.refuses = true;
  Keeper keeper(batch, 1, clock);
  EXPECT_THAT(until_said(keeper), Contains(HasSubstr("no such partition")));
}

}  // namespace
}  // namespace sm2::cluster
