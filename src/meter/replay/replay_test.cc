#include "meter/replay/replay.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "testing/fake_clock.h"

namespace sm2::meter::replay {
namespace {

using base::Joules;
using base::Seconds;

class ReplayTest : public ::testing::Test {
 protected:
  ReplayTest() { clock_.advance(Seconds(1000)); }
  ~ReplayTest() override { std::filesystem::remove(file_); }

  Discovery discover_text(const std::string& text) {
    std::ofstream(file_) << text;
    return discover({}, file_, clock_);
  }

  std::string file_ = ::testing::TempDir() + "sm2-replay-test.csv";
  sm2::testing::FakeClock clock_;
};

TEST_F(ReplayTest, AWindowIsTheIntegralOfTheRecordingSinceDiscovery) {
  const auto found = discover_text("seconds,domain,watts\n0,cpu,10\n0,gpu,100\n10,cpu,10\n10,gpu,300\n");
  ASSERT_EQ(found.domains.size(), 2u);
  clock_.advance(Seconds(5));
  const auto cpu = found.domains[0]->open({});
  const auto gpu = found.domains[1]->open({});
  clock_.advance(Seconds(5));
  EXPECT_EQ(cpu->read().joules, Joules(50));
  const trial::Reading reading = gpu->read();
  EXPECT_EQ(reading.joules, Joules(1250));
  EXPECT_EQ(reading.error, Joules(0));
  EXPECT_EQ(reading.quality, trial::Quality::kReplayed);
  EXPECT_EQ(reading.source, "replay");
  EXPECT_EQ(reading.domain, "gpu");
}

TEST_F(ReplayTest, SaysWhatItReplays) {
  const auto found = discover_text("seconds,watts\n0,10\n0.5,10\n2,10\n");
  const DomainInfo& info = found.domains.front()->info();
  EXPECT_EQ(info.name, "replay");
  EXPECT_EQ(info.part, "replay replay");
  EXPECT_EQ(info.inside, "");
  EXPECT_EQ(info.resolution, Seconds(1));
  EXPECT_EQ(info.relative_error, 0);
  EXPECT_EQ(info.description, "the recording " + file_ + ", 3 rows over 2 s");
  EXPECT_EQ(info.id, file_);
}

TEST_F(ReplayTest, AfterItsEndAndBeforeItsBeginEnergyIsUnknown) {
  const auto found = discover_text("seconds,watts\n1,10\n2.5,10\n");
  const auto early = found.domains.front()->open({});
  clock_.advance(Seconds(1));
  const auto window = found.domains.front()->open({});
  clock_.advance(Seconds(1));
  EXPECT_EQ(early->read().joules, std::nullopt);
  EXPECT_EQ(early->read().note, "replay replay: the recording begins after 1 s");
  EXPECT_EQ(window->read().joules, Joules(10));
  clock_.advance(Seconds(1));
  EXPECT_EQ(window->read().joules, std::nullopt);
  EXPECT_EQ(window->read().note, "replay replay: the recording ended after 2.5 s");
}

TEST_F(ReplayTest, AFileThatIsWrongIsNoSource) {
  const auto found = discover_text("seconds,watts\n0,10\n1,ten\n");
  EXPECT_TRUE(found.domains.empty());
  ASSERT_EQ(found.unusable.size(), 1u);
  EXPECT_EQ(found.unusable[0].reason, file_ + ":3: 'ten' is no number of watts; write it as in 12.5");
  EXPECT_NE(found.unusable[0].remedy.find("replay:FILE"), std::string::npos);
}

}  // namespace
}  // namespace sm2::meter::replay
