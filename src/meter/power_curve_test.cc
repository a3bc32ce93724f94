#include "meter/power_curve.h"

#include <gtest/gtest.h>

#include <cmath>

namespace sm2::meter {
namespace {

using base::Watts;

PowerCurve curve_of(const Processor& processor) { return power_curve(processor, {}, {}).value(); }

const Processor kRome{"AuthenticAMD", "AMD EPYC 7502 32-Core Processor", 23, 49, 0};

TEST(PowerCurve, KnowsServerGenerationsByFamilyAndModel) {
  const PowerCurve rome = curve_of(kRome);
  EXPECT_EQ(rome.idle, Watts(0.47));
  EXPECT_EQ(rome.busy, Watts(1.69));
  EXPECT_EQ(rome.relative_error, 0.5);
  EXPECT_EQ(rome.origin, "Cloud Carbon Footprint 2026 for EPYC 2nd Gen");
  EXPECT_EQ(curve_of({"AuthenticAMD", "AMD EPYC 7R13 Processor", 25, 1, 1}).busy, Watts(1.96));
  EXPECT_EQ(curve_of({"AuthenticAMD", "AMD EPYC 9754", 25, 0xa0, 1}).busy, Watts(2.28));
}

TEST(PowerCurve, TellsCascadeLakeFromSkylakeByStepping) {
  const char* kName = "Intel(R) Xeon(R) Platinum 8259CL CPU @ 2.50GHz";
  EXPECT_EQ(curve_of({"GenuineIntel", kName, 6, 0x55, 4}).busy, Watts(4.10));
  EXPECT_EQ(curve_of({"GenuineIntel", kName, 6, 0x55, 7}).busy, Watts(4.06));
}

TEST(PowerCurve, TakesTheAverageForWhatItDoesNotKnow) {
  for (const Processor& other : {Processor{}, Processor{"AuthenticAMD", "AMD Ryzen 7 1700", 23, 1, 1},
                                 Processor{"AuthenticAMD", "AMD EPYC 9755", 26, 2, 1},
                                 Processor{"GenuineIntel", "Intel(R) Core(TM) i7", 6, 0x55, 4}}) {
    const PowerCurve average = curve_of(other);
    EXPECT_EQ(average.idle, Watts(0.74)) << other.name;
    EXPECT_EQ(average.busy, Watts(3.5)) << other.name;
    EXPECT_EQ(average.origin, "Cloud Carbon Footprint 2021 for the average processor of AWS");
  }
}

TEST(PowerCurve, BelievesTheUserMoreWhenBothWattsAreGiven) {
  const auto both = power_curve(kRome, Watts(1), Watts(5));
  EXPECT_EQ(both->idle, Watts(1));
  EXPECT_EQ(both->busy, Watts(5));
  EXPECT_EQ(both->relative_error, 0.2);
  EXPECT_EQ(both->origin, "stated by the user");
  const auto one = power_curve(kRome, {}, Watts(5));
  EXPECT_EQ(one->idle, Watts(0.47));
  EXPECT_EQ(one->relative_error, 0.5);
  EXPECT_TRUE(one->origin.starts_with("in part stated by the user"));
}

TEST(PowerCurve, RefusesWattsThatMakeNoSense) {
  EXPECT_FALSE(power_curve(kRome, Watts(-1), Watts(5)));
  EXPECT_FALSE(power_curve(kRome, Watts(0), Watts(0)));
  EXPECT_FALSE(power_curve(kRome, Watts(NAN), Watts(5)));
  EXPECT_FALSE(power_curve(kRome, Watts(1), Watts(INFINITY)));
  const auto crossed = power_curve(kRome, Watts(2), {});
  ASSERT_FALSE(crossed);
  EXPECT_NE(crossed.error().message.find("more idle (2.00 W) than busy (1.69 W)"), std::string::npos);
}

}  // namespace
}  // namespace sm2::meter
