#include "meter/nvml/power_sensor.h"

#include <gtest/gtest.h>

namespace sm2::meter::nvml {
namespace {

using base::Seconds;
using base::Watts;

constexpr unsigned kTuring = 6, kAmpere = 7, kHopper = 9, kUnknown = 0xffffffff;

TEST(PowerSensor, OfTheA100SeesAQuarterOfTheTime) {
  for (const char* name :
       {"NVIDIA A100-SXM4-80GB", "A100-PCIE-40GB", "NVIDIA A30", "NVIDIA A800 80GB PCIe"}) {
    const PowerSensor sensor = usage_sensor(kAmpere, name, Watts(600));
    EXPECT_EQ(sensor.averaged, Seconds(0.025)) << name;
    EXPECT_EQ(sensor.update, Seconds(0.1)) << name;
    EXPECT_EQ(sensor.duty, 0.25) << name;
    EXPECT_TRUE(sensor.fixed_phase) << name;
  }
}

TEST(PowerSensor, OfOtherAmpereGpusIsAMeanOfOneSecondUnlessItIsInstant) {
  for (const char* name : {"NVIDIA RTX A3000", "NVIDIA GeForce RTX 3090", "NVIDIA A40"}) {
    EXPECT_EQ(usage_sensor(kAmpere, name, Watts(600)).averaged, Seconds(1)) << name;
    EXPECT_EQ(instant_sensor(kAmpere, name, Watts(600)).averaged, Seconds(0.1)) << name;
    EXPECT_EQ(instant_sensor(kAmpere, name, Watts(600)).duty, 1) << name;
  }
}

TEST(PowerSensor, OfTheH100SeesAQuarterWhenInstant) {
  EXPECT_EQ(instant_sensor(kHopper, "NVIDIA H100 80GB HBM3", Watts(1000)).duty, 0.25);
  EXPECT_EQ(usage_sensor(kHopper, "NVIDIA H100 80GB HBM3", Watts(1000)).averaged, Seconds(1));
}

TEST(PowerSensor, IsTakenForTheWorseCaseWhereTheGpuIsNotKnown) {
  EXPECT_EQ(usage_sensor(kUnknown, "", Watts(1000)).averaged, Seconds(1));
  EXPECT_EQ(instant_sensor(kUnknown, "", Watts(1000)).duty, 0.25);
}

TEST(PowerSensor, KeepsTheHighestPowerAndStatesItsError) {
  const PowerSensor sensor = usage_sensor(kTuring, "Tesla T4", Watts(105));
  EXPECT_EQ(sensor.highest, Watts(105));
  EXPECT_EQ(sensor.relative_error, 0.05);
}

}  // namespace
}  // namespace sm2::meter::nvml
