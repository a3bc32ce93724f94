// A /sys with RAPL counters in powercap.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "testing/sysfs_tree.h"

namespace sm2::testing {

class PowercapTree : public SysfsTree {
 public:
  static constexpr std::uint64_t kRange =
      262'143'328'850;  // 2^32 - 1 steps of 61 uJ, as Intel servers have it

  std::filesystem::path folder(const std::string& zone) const {
    return sysfs() / "class" / "powercap" / zone;
  }
  std::filesystem::path energy(const std::string& zone) const { return folder(zone) / "energy_uj"; }

  void add(const std::string& zone, const std::string& name, std::uint64_t energy_uj,
           std::uint64_t range = kRange) {
    write(folder(zone) / "name", name);
    write(folder(zone) / "max_energy_range_uj", std::to_string(range));
    set(zone, energy_uj);
  }
  void set(const std::string& zone, std::uint64_t energy_uj) {
    write(energy(zone), std::to_string(energy_uj));
  }
};

}  // namespace sm2::testing
