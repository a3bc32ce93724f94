// What the channels of known drivers measure: one table, a driver a few lines. Names and units are the kernel's
// (Documentation/hwmon, Documentation/ABI/testing/sysfs-driver-intel-*-hwmon, Documentation/gpu/amdgpu/thermal) and
// the makers' (docs/energy.md); the errors are bounds that we state.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/quantity.h"
#include "meter/hwmon/chip.h"

namespace sm2::meter::hwmon {

enum class Belongs { kGpu, kProcessors, kNode, kNothing };  // kNothing: known, and of no use

struct Meaning {
  int rank = 0;  // of drivers that count the same part the lower one is preferred
  Belongs belongs = Belongs::kNothing;
  std::string domain;  // "amdgpu-0"
  std::string
      inside;  // the domain of this source that contains or overlaps it ("xe-0", "overlaps grace-0"), or empty
  std::string_view what;
  base::Watts highest;
  double relative_error = 0;
  base::Seconds update;     // how often it shows something new; 0: at every reading
  bool register32 = false;  // the driver extends a 32-bit register of 2^-14 J only when it is read
};

// `ordinal` counts the chips of the same driver. Nothing where it is not known what the channel measures.
std::optional<Meaning> meaning(const Chip& chip, const Channel& channel, int ordinal);

// Whether that error of a read means that a GPU is asleep or being reset: amdgpu then refuses (EPERM, ENODATA).
bool is_asleep(const Chip& chip, int code);

}  // namespace sm2::meter::hwmon
