#include "meter/idle.h"

#include <gtest/gtest.h>

#include "testing/fake_clock.h"
#include "testing/fake_meter.h"

namespace sm2::meter {
namespace {

using base::Joules;
using base::Seconds;
using base::Watts;

class IdleTest : public ::testing::Test {
 protected:
  sm2::testing::FakeClock clock_;
  sm2::testing::FakeMeter meter_{clock_, Watts(100)};
};

TEST_F(IdleTest, FillsInTheStatedWatts) {
  WithIdle with(meter_, {{"fake", Watts(40)}}, clock_);
  const auto window = with.open({});
  clock_.advance(Seconds(10));
  const trial::Energy energy = window->read();
  EXPECT_DOUBLE_EQ(energy.front().idle->value, 400);
  EXPECT_DOUBLE_EQ(trial::total(energy)->value, 1000);
  EXPECT_DOUBLE_EQ(trial::above_idle(energy)->value, 600);
}

TEST_F(IdleTest, IdleIsNeverMoreThanAll) {
  WithIdle with(meter_, {{"fake", Watts(400)}}, clock_);
  const auto window = with.open({});
  clock_.advance(Seconds(10));
  EXPECT_DOUBLE_EQ(trial::above_idle(window->read())->value, 0);
}

TEST_F(IdleTest, OfWhatCannotBeReadThereIsNoIdlePart) {
  WithIdle with(meter_, {{"fake", Watts(40)}}, clock_);
  const auto window = with.open({});
  clock_.advance(Seconds(10));
  meter_.fail("gone");
  EXPECT_EQ(window->read().front().idle, std::nullopt);
}

TEST_F(IdleTest, IsMeasuredWhereADomainDoesNotKnowIt) {
  meter_.forget_idle();
  const auto watts = measure_idle(meter_, Seconds(5), clock_, [this](Seconds time) { clock_.advance(time); });
  ASSERT_EQ(watts.size(), 1u);
  EXPECT_DOUBLE_EQ(watts.at("fake").value, 100);
}

TEST_F(IdleTest, ADomainThatKnowsItsIdlePartOrCannotBeReadIsLeftOut) {
  const auto sleep = [this](Seconds time) { clock_.advance(time); };
  EXPECT_TRUE(measure_idle(meter_, Seconds(5), clock_, sleep).empty());
  meter_.forget_idle();
  meter_.fail("gone");
  EXPECT_TRUE(measure_idle(meter_, Seconds(5), clock_, sleep).empty());
}

TEST_F(IdleTest, AMistypedDomainIsNamed) {
  EXPECT_EQ(unknown_domain(meter_, {{"fake", Watts(1)}}), std::nullopt);
  EXPECT_EQ(unknown_domain(meter_, {{"gpu0", Watts(1)}}), "no domain 'gpu0' is read here; there are fake");
}

}  // namespace
}  // namespace sm2::meter
