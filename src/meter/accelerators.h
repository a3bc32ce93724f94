// The GPUs of this machine as programs can be given them, of all vendors; of a GPU in MIG mode its instances, in its place.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "meter/settings.h"
#include "trial/device.h"

namespace sm2::meter {

struct Accelerator {
  trial::Device device;
  std::string model;  // for people: "NVIDIA H100 80GB HBM3"
  std::vector<std::string>
      spelled;            // what else may stand for it: its index; of an instance also its GPU's names
  bool instance = false;  // of MIG
  bool visible =
      true;  // to programs that are started here, as CUDA_VISIBLE_DEVICES or ROCR_VISIBLE_DEVICES has it
  // Asks the driver whether it is gone: why, and what would help.
  std::function<std::optional<std::string>()> lost;
};

// One vendor after the other, each in the order of its indices; those that do not answer are left out. None where there is no
// driver. `clock` outlives what is returned.
std::vector<Accelerator> find_accelerators(const Settings& settings, const base::Clock& clock);

// The settings of meters that are to read these devices, and no other GPUs of their vendors' drivers.
Settings only(Settings settings, const trial::Devices& devices);

}  // namespace sm2::meter
