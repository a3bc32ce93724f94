#include "meter/combined.h"

#include <gtest/gtest.h>

#include "meter/cpu_model.h"
#include "testing/fake_clock.h"
#include "testing/fake_meter.h"

namespace sm2::meter {
namespace {

using base::Seconds;
using base::Watts;

TEST(Combined, ReadsEveryMeterOfTheSameLoad) {
  testing::FakeClock clock;
  std::vector<std::unique_ptr<Meter>> meters;
  meters.push_back(std::make_unique<testing::FakeMeter>(clock, Watts(3)));
  meters.push_back(std::make_unique<CpuModel>(PowerCurve{Watts(1), Watts(2), 0.5, "a test"}, 1, clock));
  Combined combined(std::move(meters));
  const auto window = combined.open({[] { return std::optional(Seconds(1)); }});
  clock.advance(Seconds(2));
  const trial::Energy energy = window->read();
  ASSERT_EQ(energy.size(), 2u);
  EXPECT_EQ(energy[0].domain, "fake");
  EXPECT_EQ(energy[1].domain, "cpu");
  EXPECT_DOUBLE_EQ(trial::total(energy)->value, 6 + 3);
  ASSERT_EQ(combined.sources().size(), 2u);
  EXPECT_EQ(combined.sources()[1].name, "cpu-model");
}

}  // namespace
}  // namespace sm2::meter
