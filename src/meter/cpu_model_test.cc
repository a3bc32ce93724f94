#include "meter/cpu_model.h"

#include <gtest/gtest.h>

#include <cmath>

#include "testing/fake_clock.h"

namespace sm2::meter {
namespace {

using base::Joules;
using base::Seconds;
using base::Watts;

class CpuModelTest : public ::testing::Test {
 protected:
  std::unique_ptr<DomainWindow> open() {
    return model_.open({[this] { return cpu_; }, {}, {}});
  }

  sm2::testing::FakeClock clock_;
  CpuModel model_{{Watts(1), Watts(5), Watts(0), 0.5, "a test"}, 4, clock_};
  std::optional<Seconds> cpu_ = Seconds(0);
};

TEST_F(CpuModelTest, AddsTheIdlePowerOfAllProcessorsAndTheLoadsOwnPart) {
  clock_.advance(Seconds(100));
  const auto window = open();
  clock_.advance(Seconds(10));
  cpu_ = Seconds(6);
  const trial::Reading reading = window->read();
  EXPECT_EQ(reading.domain, "cpu");
  EXPECT_EQ(reading.source, "cpu-model");
  EXPECT_EQ(reading.quality, trial::Quality::kModelled);
  EXPECT_DOUBLE_EQ(reading.idle->value, 1 * 4 * 10);
  EXPECT_DOUBLE_EQ(reading.joules->value, 1 * 4 * 10 + (5 - 1) * 6);
  EXPECT_DOUBLE_EQ(trial::above_idle({reading})->value, 24);
  EXPECT_DOUBLE_EQ(reading.noise.value, 6.44) << "10 %, and one tick of 10 ms at 4 W";
  EXPECT_DOUBLE_EQ(reading.error.value, 32.04);
  EXPECT_EQ(trial::describe({reading}), "64.0 J +- 32 (cpu-model, modelled)");
}

TEST_F(CpuModelTest, WindowsAreIndependent) {
  const auto first = open();
  clock_.advance(Seconds(1));
  const auto second = open();
  clock_.advance(Seconds(1));
  EXPECT_DOUBLE_EQ(first->read().joules->value, 8);
  EXPECT_DOUBLE_EQ(second->read().joules->value, 4);
}

TEST_F(CpuModelTest, UnknownCpuTimeIsUnknownEnergyWithItsReason) {
  const auto window = open();
  clock_.advance(Seconds(1));
  for (const std::optional<Seconds> bad : {std::optional<Seconds>(), std::optional(Seconds(-1)),
                                           std::optional(Seconds(NAN)), std::optional(Seconds(INFINITY))}) {
    cpu_ = bad;
    const trial::Reading reading = window->read();
    EXPECT_EQ(reading.joules, std::nullopt);
    EXPECT_EQ(trial::describe({reading}),
              "unknown (cpu-model: the CPU time of the process tree cannot be read)");
  }
  cpu_ = Seconds(1);
  EXPECT_TRUE(window->read().joules);
  EXPECT_EQ(model_.open({})->read().joules, std::nullopt) << "a load that does not say its CPU time";
}

TEST_F(CpuModelTest, NeverDecreasesWhenProcessesLeaveTheTree) {
  const auto window = open();
  cpu_ = Seconds(5);
  EXPECT_DOUBLE_EQ(window->read().joules->value, 20);
  cpu_ = Seconds(1);
  EXPECT_DOUBLE_EQ(window->read().joules->value, 20);
}

TEST_F(CpuModelTest, SaysWhatItRestsOn) {
  const DomainInfo& info = model_.info();
  EXPECT_EQ(info.name, "cpu");
  EXPECT_EQ(info.source, "cpu-model");
  EXPECT_EQ(info.quality, trial::Quality::kModelled);
  EXPECT_EQ(info.description,
            "idle watts times time, and CPU time of the process tree times a power curve: 4 logical "
            "processors of 1.00 W idle and 5.00 "
            "W busy (a test)");
}

TEST_F(CpuModelTest, ThePackagePartIsDrawnOnceWhileAnyProcessorWorks) {
  CpuModel calibrated({Watts(1), Watts(5), Watts(10), 0.1, "a test"}, 4, clock_);
  const auto window = calibrated.open({[this] { return cpu_; }, {}, {}});
  clock_.advance(Seconds(10));
  cpu_ = Seconds(6);
  EXPECT_DOUBLE_EQ(window->read().joules->value, 40 + 10 * 6 + 4 * 6) << "one processor for 6 s";
  cpu_ = Seconds(30);
  EXPECT_DOUBLE_EQ(window->read().joules->value, 40 + 10 * 10 + 4 * 30) << "three of them all the time";
}

}  // namespace
}  // namespace sm2::meter
