// The GPUs that NVML lists, and what it says of each.
#pragma once

#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "meter/domain.h"
#include "meter/nvml/device.h"
#include "meter/nvml/visible_devices.h"

namespace sm2::meter::nvml {

inline constexpr unsigned kUnknownArchitecture = 0xffffffff;  // NVML_DEVICE_ARCH_UNKNOWN

struct Mig {
  unsigned index = 0;  // NVML's, within its GPU
  std::string uuid;
  unsigned slices = 0;  // 0 where NVML does not say
};

struct Gpu {           // as found; without a device where it cannot be reached
  unsigned index = 0;  // NVML's
  std::shared_ptr<Device> device;
  Code lost = Code::kSuccess;  // why there is no device
  std::string name, pci;
  unsigned architecture = kUnknownArchitecture;
  std::vector<Mig> migs;
  unsigned mig_slots = 0;

  std::string domain() const { return fmt::format("gpu-{}", index); }
  std::string domain(const Mig& mig) const { return fmt::format("{}/mig-{}", domain(), mig.index); }
  std::string part() const { return gpu_part(pci.empty() ? device->uuid() : pci); }
  std::string part(const Mig& mig) const { return fmt::format("{}/mig-{}", part(), mig.index); }
};

// `count` of them, in the order of PCI addresses; in NVML's own order where one of those is not known.
std::vector<Gpu> find_gpus(const std::shared_ptr<Library>& library, unsigned count);

std::vector<Identity> identities(const std::vector<Gpu>& gpus);

}  // namespace sm2::meter::nvml
