#include "meter/accelerators.h"

#include <utility>

#include "meter/nvml/accelerators.h"
#include "meter/rocm/accelerators.h"

namespace sm2::meter {
namespace {

std::string ids(const trial::Devices& devices, trial::Vendor vendor) {
  std::string all;
  for (const trial::Device& device : devices) {
    if (device.vendor == vendor) all += (all.empty() ? "" : ",") + device.id;
  }
  return all.empty() ? "-1" : all;
}

}  // namespace

std::vector<Accelerator> find_accelerators(const Settings& settings, const base::Clock& clock) {
  std::vector<Accelerator> all = nvml::accelerators(settings, clock);
  for (Accelerator& accelerator : rocm::accelerators(settings)) all.push_back(std::move(accelerator));
  return all;
}

Settings only(Settings settings, const trial::Devices& devices) {
  settings.cuda_visible_devices = ids(devices, trial::Vendor::kNvidia);
  settings.rocr_visible_devices = ids(devices, trial::Vendor::kAmd);
  return settings;
}

}  // namespace sm2::meter
