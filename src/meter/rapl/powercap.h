// The kernel's RAPL counters in powercap: zones of /sys/class/powercap/intel-rapl:* (AMD's are named so, too), in
// microjoules; each wraps at its own max_energy_range_uj.
//
//   added   every package and the DRAM beside it, which no package contains; psys only where there is no package
//   shown   core and uncore, which are parts of their package; psys, whose `inside` says what it overlaps
//   left    intel-rapl-mmio, which is the same package again; AMD's core, which is one core's counter and not the
//           package's (the kernel reads MSR_AMD_CORE_ENERGY_STATUS on one CPU only)
//
// Each is read once. When one that is added cannot be read there are no counters at all, since a sum without it would
// be too low; one that is only shown is left out and said. Steps of the counter below the microjoule that the file
// shows (61 uJ and less) are not considered.
#pragma once

#include <filesystem>
#include <string_view>

#include "meter/rapl/counters.h"

namespace sm2::meter::rapl {

// `vendor` as /proc/cpuinfo names it.
Found find_zones(const std::filesystem::path& sysfs, std::string_view vendor);

}  // namespace sm2::meter::rapl
