#include "base/units.h"

#include <gtest/gtest.h>

namespace sm2::base {
namespace {

TEST(Units, ParsesEnergy) {
  EXPECT_DOUBLE_EQ(parse_energy("500 Wh")->value, 1.8e6);
  EXPECT_DOUBLE_EQ(parse_energy("2kWh")->value, 7.2e6);
  EXPECT_DOUBLE_EQ(parse_energy("12.5 J")->value, 12.5);
}

TEST(Units, ParsesDuration) {
  EXPECT_DOUBLE_EQ(parse_duration("90 min")->value, 5400);
  EXPECT_DOUBLE_EQ(parse_duration("200 ms")->value, 0.2);
}

TEST(Units, ParsesSize) {
  EXPECT_EQ(parse_size("1 MiB"), 1048576u);
  EXPECT_EQ(parse_size("64 kB"), 64000u);
  EXPECT_FALSE(parse_size("-1 B"));
}

TEST(Units, RefusesWhatIsTooLargeForANumber) {
  EXPECT_EQ(parse_energy("1e308 kWh").error().message,
            "'1e308 kWh' is too large; write for example \"500 Wh\"");
  EXPECT_FALSE(parse_duration("1e308 d"));
}

TEST(Units, NamesWhatWouldBeRight) {
  EXPECT_EQ(parse_energy("500").error().message,
            "'500' has no unit; write one of mJ, J, kJ, MJ, Wh, kWh, MWh, for example \"500 Wh\"");
  EXPECT_EQ(parse_duration("3 parsecs").error().message,
            "'parsecs' is not a unit here; write one of ms, s, min, h, d, for example \"90 min\"");
  EXPECT_EQ(parse_energy("lots").error().message,
            "'lots' does not begin with a number; write for example \"500 Wh\"");
  EXPECT_FALSE(parse_energy("nan J"));
  EXPECT_FALSE(parse_energy("1,5 kWh"));
  EXPECT_FALSE(parse_energy(""));
}

TEST(Units, FormatsWithThreeDigits) {
  EXPECT_EQ(format(Joules(12.44)), "12.4 J");
  EXPECT_EQ(format(Joules(0.0358)), "35.8 mJ");
  EXPECT_EQ(format(Joules(0.9999)), "1.00 J");
  EXPECT_EQ(format(Joules(0)), "0.00 J");
  EXPECT_EQ(format(Joules(999.6)), "1.00 kJ");
  EXPECT_EQ(format(Joules(3.2e6)), "3.20 MJ");
  EXPECT_EQ(format(Seconds(0.42)), "0.42 s");
  EXPECT_EQ(format(Seconds(59.99)), "1 min 00 s");
  EXPECT_EQ(format(Seconds(245)), "4 min 05 s");
  EXPECT_EQ(format(Seconds(7380)), "2 h 03 min");
  EXPECT_EQ(format(Watts(3.5)), "3.50 W");
}

}  // namespace
}  // namespace sm2::base
