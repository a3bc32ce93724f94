// A /sys with hardware monitors, linked as the kernel links them: class/hwmon/hwmonN -> the device's own folder.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "testing/sysfs_tree.h"

namespace sm2::testing {

class HwmonTree : public SysfsTree {
 public:
  using Files = std::map<std::string, std::string>;

  // `device` is a PCI address or any name of a device.
  void add(int number, const std::string& name, const std::string& device, const Files& files) {
    const std::string chip = "hwmon" + std::to_string(number);
    const auto home = sysfs() / "devices" / device / "hwmon" / chip;
    write(home / "name", name);
    std::filesystem::create_directory_symlink("../..", home / "device");
    for (const auto& [file, text] : files) write(home / file, text);
    std::filesystem::create_directories(sysfs() / "class" / "hwmon");
    std::filesystem::create_directory_symlink(home, link(number));
  }
  void set(int number, const std::string& file, const std::string& text) { write(link(number) / file, text); }
  std::filesystem::path file(int number, const std::string& name) const {
    return std::filesystem::canonical(link(number)) / name;
  }
  void unplug(int number) {
    std::filesystem::remove_all(std::filesystem::canonical(link(number)));
    std::filesystem::remove(link(number));
  }

 private:
  std::filesystem::path link(int number) const {
    return sysfs() / "class" / "hwmon" / ("hwmon" + std::to_string(number));
  }
};

}  // namespace sm2::testing
