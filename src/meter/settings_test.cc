#include "meter/settings.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>

namespace sm2::meter {
namespace {

class SettingsTest : public ::testing::Test {
 protected:
  SettingsTest() {
    for (auto& [name, value] : before_) {
      if (const char* set = std::getenv(name)) value = set;
      unsetenv(name);
    }
  }
  ~SettingsTest() override {
    for (const auto& [name, value] : before_) {
      value ? setenv(name, value->c_str(), 1) : unsetenv(name);
    }
  }

 private:
  std::map<const char*, std::optional<std::string>> before_ = {{"CUDA_VISIBLE_DEVICES", {}},
                                                               {"ROCR_VISIBLE_DEVICES", {}},
                                                               {"SM2_SYSFS", {}},
                                                               {"SM2_PROC", {}},
                                                               {"XDG_CONFIG_HOME", {}},
                                                               {"HOME", {}}};
};

TEST_F(SettingsTest, WithoutVariablesAreTheMachinesOwn) {
  const Settings settings = settings_from_environment();
  EXPECT_EQ(settings.sysfs, "/sys");
  EXPECT_EQ(settings.proc, "/proc");
  EXPECT_EQ(settings.cuda_visible_devices, std::nullopt);
  EXPECT_EQ(settings.rocr_visible_devices, std::nullopt);
}

TEST_F(SettingsTest, VariablesSayWhichDevicesAndWhereTheHostsFilesAre) {
  setenv("CUDA_VISIBLE_DEVICES", "1,GPU-8a", 1);
  setenv("ROCR_VISIBLE_DEVICES", "0", 1);
  setenv("SM2_SYSFS", "/host/sys", 1);
  setenv("SM2_PROC", "/host/proc", 1);
  const Settings settings = settings_from_environment();
  EXPECT_EQ(settings.cuda_visible_devices, "1,GPU-8a");
  EXPECT_EQ(settings.rocr_visible_devices, "0");
  EXPECT_EQ(settings.sysfs, "/host/sys");
  EXPECT_EQ(settings.proc, "/host/proc");
}

TEST_F(SettingsTest, TheCurveIsWhereTheUserKeepsSettings) {
  EXPECT_EQ(settings_from_environment().curve, "") << "nowhere";
  setenv("HOME", "/home/ada", 1);
  EXPECT_EQ(settings_from_environment().curve, "/home/ada/.config/sm2/cpu-curve.json");
  setenv("XDG_CONFIG_HOME", "/etc/ada", 1);
  EXPECT_EQ(settings_from_environment().curve, "/etc/ada/sm2/cpu-curve.json");
}

TEST_F(SettingsTest, NoDevicesIsNotAllDevicesAndAnEmptyFolderIsNone) {
  setenv("CUDA_VISIBLE_DEVICES", "", 1);
  setenv("SM2_SYSFS", "", 1);
  const Settings settings = settings_from_environment();
  EXPECT_EQ(settings.cuda_visible_devices, "");
  EXPECT_EQ(settings.sysfs, "/sys");
}

}  // namespace
}  // namespace sm2::meter
