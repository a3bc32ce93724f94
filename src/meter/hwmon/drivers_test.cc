#include "meter/hwmon/drivers.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <tuple>

namespace sm2::meter::hwmon {
namespace {

Chip chip(const std::string& name) {
  Chip chip;
  chip.name = name;
  return chip;
}

Channel channel(const std::string& name, const std::string& label = "") {
  Channel channel;
  channel.name = name;
  channel.label = label;
  return channel;
}

std::string domain(const std::string& driver, const std::string& name, const std::string& label,
                   int ordinal = 0) {
  const auto known = meaning(chip(driver), channel(name, label), ordinal);
  if (!known) return "unknown";
  return known->belongs == Belongs::kNothing ? "ignored" : known->domain;
}

TEST(HwmonDrivers, NumbersDomainsByTheirLabelElseByTheirChip) {
  EXPECT_EQ(domain("power_meter", "power1", "Grace Power Socket 3"), "grace-3");
  EXPECT_EQ(domain("amd_energy", "energy130", "Esocket1"), "socket-1");
  EXPECT_EQ(domain("amdgpu", "power1", "PPT", 2), "amdgpu-2");
  EXPECT_EQ(domain("ina3221", "in3", "VIN_SYS_5V0"), "vin-sys-5v0");
}

TEST(HwmonDrivers, TakesADriversWholeName) {
  EXPECT_EQ(domain("xe", "energy1", "card"), "xe-0");
  EXPECT_EQ(domain("xenon", "energy1", "card"), "unknown");
  EXPECT_EQ(domain("i915_gt1", "energy1", ""), "ignored");
  EXPECT_EQ(domain("BAT1", "power1", ""), "ignored");
}

TEST(HwmonDrivers, KnowsWhatContainsWhat) {
  EXPECT_EQ(meaning(chip("power_meter"), channel("power1", "CPU Power Socket 1"), 0)->inside, "grace-1");
  EXPECT_EQ(meaning(chip("power_meter"), channel("power1", "Module Power Socket 1"), 0)->inside,
            "overlaps grace-1");
  EXPECT_EQ(meaning(chip("xe"), channel("energy2", "pkg"), 1)->inside, "xe-1");
  EXPECT_EQ(meaning(chip("macsmc_hwmon"), channel("power1", "Total System Power"), 0)->belongs,
            Belongs::kNode);
}

TEST(HwmonDrivers, SaysOfEveryUsefulChannelWhatIsPlausibleAndHowSureItIs) {
  for (const auto& [driver, name, label] :
       {std::tuple("amdgpu", "power1", ""), std::tuple("i915", "energy1", ""),
        std::tuple("nouveau", "power1", ""), std::tuple("zenpower", "power2", "SVI2_P_SoC"),
        std::tuple("corsairpsu", "power1", "power total"), std::tuple("ina3221", "in1", "VDD_IN"),
        std::tuple("power_meter", "power1", "")}) {
    const auto known = meaning(chip(driver), channel(name, label), 0);
    ASSERT_TRUE(known) << driver;
    EXPECT_GT(known->highest.value, 0) << driver;
    EXPECT_GT(known->relative_error, 0) << driver;
    EXPECT_FALSE(known->what.empty()) << driver;
  }
}

TEST(HwmonDrivers, AnAmdGpuThatRefusesIsAsleep) {
  EXPECT_TRUE(is_asleep(chip("amdgpu"), EPERM));
  EXPECT_TRUE(is_asleep(chip("amdgpu"), ENODATA));
  EXPECT_FALSE(is_asleep(chip("amdgpu"), EIO));
  EXPECT_FALSE(is_asleep(chip("xe"), EPERM));
}

}  // namespace
}  // namespace sm2::meter::hwmon
