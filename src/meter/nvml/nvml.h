// NVIDIA GPUs, through NVML (library.h). Of each GPU that CUDA_VISIBLE_DEVICES leaves, the best that it offers:
//
//   method "counter"  its total energy counter, stepped every 100 ms
//   method "power"    its power integrated: instant (NVML_FI_DEV_POWER_INSTANT), else nvmlDeviceGetPowerUsage
//
// A GPU that is lost or cannot be read is unusable and spoils no other. A GPU in MIG mode is read as a whole; an
// instance of it that CUDA_VISIBLE_DEVICES names is a share of that (mig_domain.h).
#pragma once

#include <string>

#include "base/clock.h"
#include "meter/discovery.h"
#include "meter/settings.h"

namespace sm2::meter::nvml {

Discovery discover(const Settings& settings, const std::string& argument, const base::Clock& clock);

}  // namespace sm2::meter::nvml
