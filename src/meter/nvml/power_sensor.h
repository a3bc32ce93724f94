// What an NVIDIA GPU's power sensor shows, by its architecture. NVML does not say; the periods are those that Yang,
// Adamek and Armour measured on more than 70 GPUs (arXiv:2312.02741, SC24), and nvml.h: nvmlDeviceGetPowerUsage is
// of the moment up to Volta, Turing and GA100 (A100, A30), the mean of one second on all newer ones. Where neither
// speaks of a GPU the worse case is taken.
//
// Error: 5 % of the power. nvml.h states it for Fermi and Kepler; Yang et al. found it, as a share rather than in
// watts, on newer ones.
#pragma once

#include <string_view>

#include "base/quantity.h"
#include "meter/power_integral.h"

namespace sm2::meter::nvml {

inline constexpr double kRelativeError = 0.05;

// Of nvmlDeviceGetFieldValues' NVML_FI_DEV_POWER_INSTANT, and of nvmlDeviceGetPowerUsage. `architecture` as
// nvmlDeviceGetArchitecture says it; `highest` is the highest plausible power.
PowerSensor instant_sensor(unsigned architecture, std::string_view name, base::Watts highest);
PowerSensor usage_sensor(unsigned architecture, std::string_view name, base::Watts highest);

}  // namespace sm2::meter::nvml
