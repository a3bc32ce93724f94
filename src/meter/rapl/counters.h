// RAPL counters as either of the kernel's interfaces offers them (powercap.h, perf_event.h): in raw units, named as
// SM2 names domains.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/quantity.h"
#include "base/result.h"
#include "meter/discovery.h"

namespace sm2::meter::rapl {

enum class Kind { kPackage, kDram, kCore, kUncore, kPsys };

struct RawCounter {
  Kind kind = Kind::kPackage;
  std::string name;    // "package-0", "dram-0", "core-0", "uncore-0", "psys"
  std::string inside;  // what contains it or overlaps it; empty where it is to be added
  std::string id;      // its file, or its event and CPU
  base::Joules per_count;
  std::uint64_t highest = 0;  // counts 0 .. highest, then 0 again
  std::function<base::Result<std::uint64_t>()> read;
};

struct Found {
  std::vector<RawCounter> counters;
  std::vector<Unusable> unusable;  // not empty where there are no counters
};

inline bool is_amd(std::string_view vendor) { return vendor == "AuthenticAMD" || vendor == "HygonGenuine"; }

inline Found none(Unusable why) { return {{}, {std::move(why)}}; }

// "package-0-die-1" of "core": "core-0-die-1".
inline std::string beside(const std::string& package, const std::string& prefix) {
  return prefix + package.substr(std::string("package").size());
}

}  // namespace sm2::meter::rapl
