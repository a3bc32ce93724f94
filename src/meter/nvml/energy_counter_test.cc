#include "meter/nvml/energy_counter.h"

#include <gtest/gtest.h>

#include "testing/fake_clock.h"

namespace sm2::meter::nvml {
namespace {

using base::Seconds;
using base::Watts;

class EnergyCounterTest : public ::testing::Test {
 protected:
  base::Result<std::uint64_t> read_after(double seconds) {
    clock_.advance(Seconds(seconds));
    return counter_.read();
  }

  sm2::testing::FakeClock clock_;
  base::Result<std::uint64_t> shown_ = 1000;
  std::optional<Watts> power_ = Watts(80);
  EnergyCounter counter_{[this] { return shown_; }, [this] { return power_; }, Seconds(0.1), clock_};
};

TEST_F(EnergyCounterTest, IsBelievedWhileItMoves) {
  EXPECT_EQ(counter_.read().value(), 1000u);
  EXPECT_EQ(read_after(0.15).value(), 1000u);
  shown_ = 1700;
  EXPECT_EQ(read_after(0.9).value(), 1700u);
  EXPECT_EQ(read_after(0.9).value(), 1700u);
}

TEST_F(EnergyCounterTest, OneThatNeverMovesIsAnErrorAfterTwoSteps) {
  ASSERT_TRUE(counter_.read());
  const auto stuck = read_after(0.3);
  ASSERT_FALSE(stuck);
  EXPECT_EQ(stuck.error().message, "its energy counter has not moved for 0.30 s while the GPU draws 80.0 W");
  shown_ = 1001;
  EXPECT_EQ(read_after(0.1).value(), 1001u) << "it moves after all";
}

TEST_F(EnergyCounterTest, OneThatStopsIsAnErrorAfterASecond) {
  ASSERT_TRUE(counter_.read());
  shown_ = 2000;
  ASSERT_TRUE(read_after(0.1));
  EXPECT_TRUE(read_after(0.9));
  EXPECT_FALSE(read_after(0.2));
}

TEST_F(EnergyCounterTest, MayRestForAMomentWhereThePowerIsZero) {
  ASSERT_TRUE(counter_.read());
  power_ = Watts(0);
  EXPECT_TRUE(read_after(0.9));
  power_.reset();
  EXPECT_FALSE(read_after(0)) << "not where it is unknown";
  power_ = Watts(0);
  EXPECT_FALSE(read_after(1)) << "no GPU that is on draws nothing";
}

TEST_F(EnergyCounterTest, PassesErrorsOnAndBridgesThem) {
  ASSERT_TRUE(counter_.read());
  shown_ = base::fail("lost");
  EXPECT_EQ(read_after(5).error().message, "lost");
  shown_ = 5000;
  EXPECT_EQ(read_after(5).value(), 5000u);
}

}  // namespace
}  // namespace sm2::meter::nvml
