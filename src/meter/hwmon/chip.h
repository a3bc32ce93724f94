// The kernel's hardware monitors in raw units: the chips of /sys/class/hwmon with their channels of energy (energyN_input,
// microjoules), power (powerN_average or powerN_input, microwatts) and, of ina3221, supply rails (inN_input in
// millivolts times currN_input in milliamperes, which are microwatts). Older drivers keep the files in device/.
// Nothing is said here of what a channel measures (drivers.h).
//
// Folders are those of the device itself and not the numbered links, for a number may go to another chip later.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "meter/discovery.h"

namespace sm2::meter::hwmon {

struct Channel {
  enum class Type { kEnergy, kPower, kRail };

  Type type = Type::kPower;
  std::string name;                          // "power1"
  std::string label;                         // powerN_label, else ACPI's powerN_oem_info; may be empty
  std::vector<std::filesystem::path> files;  // to read; two of a rail
  bool average = false;                      // a mean over `interval`, where that is known
  std::optional<base::Seconds> interval;
};

struct Chip {
  std::string number;  // "hwmon3"
  std::string name;    // the driver's: "amdgpu", "power_meter"
  std::filesystem::path folder;
  std::string pci;  // "0000:03:00.0", or empty
  std::vector<Channel> channels;
  std::optional<base::Watts> power_limit;  // power1_cap or power1_max
  bool northbridge = false;                // it measures the voltage of one: of amdgpu, only APUs have it
};

// In the order of their numbers; none where there is no such class.
std::vector<Chip> find_chips(const std::filesystem::path& sysfs);

}  // namespace sm2::meter::hwmon
