#include "meter/hwmon/chip.h"

#include <gtest/gtest.h>

#include "testing/hwmon_tree.h"

namespace sm2::meter::hwmon {
namespace {

using sm2::testing::HwmonTree;

TEST(HwmonChip, ReadsNameDeviceAndChannels) {
  HwmonTree tree;
  tree.add(
      2, "amdgpu", "0000:03:00.0",
      {{"power1_average", "1"}, {"power1_input", "2"}, {"power1_label", "PPT"}, {"power1_cap", "300000000"}});
  const auto chips = find_chips(tree.sysfs());
  ASSERT_EQ(chips.size(), 1u);
  EXPECT_EQ(chips[0].number, "hwmon2");
  EXPECT_EQ(chips[0].name, "amdgpu");
  EXPECT_EQ(chips[0].pci, "0000:03:00.0");
  EXPECT_EQ(chips[0].power_limit, base::Watts(300));
  ASSERT_EQ(chips[0].channels.size(), 1u);
  EXPECT_EQ(chips[0].channels[0].name, "power1");
  EXPECT_EQ(chips[0].channels[0].label, "PPT");
  EXPECT_TRUE(chips[0].channels[0].average) << "it covers all of the time";
  EXPECT_EQ(chips[0].channels[0].files.front(), tree.file(2, "power1_average"));
}

TEST(HwmonChip, FindsTheFilesOfOlderDriversWithTheDevice) {
  HwmonTree tree;
  tree.add(0, "power_meter", "ACPI000D:00",
           {{"device/power1_average", "1"},
            {"device/power1_oem_info", "Grace Power Socket 0"},
            {"device/power1_average_interval", "50"}});
  const auto chips = find_chips(tree.sysfs());
  ASSERT_EQ(chips.size(), 1u);
  EXPECT_EQ(chips[0].pci, "");
  ASSERT_EQ(chips[0].channels.size(), 1u);
  EXPECT_EQ(chips[0].channels[0].label, "Grace Power Socket 0");
  EXPECT_EQ(chips[0].channels[0].interval, base::Seconds(0.05));
}

TEST(HwmonChip, ARailIsAVoltageAndACurrentWithAName) {
  HwmonTree tree;
  tree.add(1, "ina3221", "1-0040",
           {{"in1_input", "5000"},
            {"in1_label", "VDD_IN"},
            {"curr1_input", "800"},
            {"in2_input", "5000"},
            {"curr2_input", "1"},
            {"in4_input", "3"},
            {"in4_label", "shunt"}});
  const auto chips = find_chips(tree.sysfs());
  ASSERT_EQ(chips[0].channels.size(), 1u);
  EXPECT_EQ(chips[0].channels[0].type, Channel::Type::kRail);
  EXPECT_EQ(chips[0].channels[0].label, "VDD_IN");
  EXPECT_EQ(chips[0].channels[0].files.size(), 2u);
}

TEST(HwmonChip, ComesInTheOrderOfItsNumber) {
  HwmonTree tree;
  for (int number : {10, 9, 0})
    tree.add(number, "x" + std::to_string(number), "d" + std::to_string(number), {});
  std::vector<std::string> names;
  for (const Chip& chip : find_chips(tree.sysfs())) names.push_back(chip.name);
  EXPECT_EQ(names, (std::vector<std::string>{"x0", "x9", "x10"}));
  EXPECT_TRUE(find_chips(tree.sysfs() / "nothing").empty());
}

}  // namespace
}  // namespace sm2::meter::hwmon
