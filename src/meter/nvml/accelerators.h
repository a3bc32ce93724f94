// NVIDIA's part of meter/accelerators.h. A GPU in MIG mode without instances can run nothing, and is left out.
#pragma once

#include <vector>

#include "base/clock.h"
#include "meter/accelerators.h"

namespace sm2::meter::nvml {

std::vector<Accelerator> accelerators(const Settings& settings, const base::Clock& clock);

}  // namespace sm2::meter::nvml
