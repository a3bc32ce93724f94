// The kernel's RAPL counters in raw units: zones of /sys/class/powercap/intel-rapl:* (AMD's are named so,
// too), in microjoules. Of the zones, those are chosen that count everything once: every package and its
// DRAM, which no package contains; psys, which contains everything, only where there is no package; never
// core and uncore, which are parts of a package.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "meter/usable.h"

namespace sm2::meter {

struct Zone {
  enum class Kind { kPackage, kDram, kPsys };

  Kind kind = Kind::kPackage;
  std::string domain;            // "package-0", "dram-0", "psys"
  std::filesystem::path energy;  // its energy_uj
  std::uint64_t highest_uj = 0;  // its max_energy_range_uj
  bool operator==(const Zone&) const = default;
};

// All zones to count, each of them read once. Fails when there is none, or when one of them cannot be read: a
// sum without it would be too low.
tl::expected<std::vector<Zone>, Unusable> find_zones(const std::filesystem::path& sysfs);

base::Result<std::uint64_t> read_counter(const std::filesystem::path& file);

}  // namespace sm2::meter
