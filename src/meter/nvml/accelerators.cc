#include "meter/nvml/accelerators.h"

#include <algorithm>
#include <utility>

#include "meter/nvml/gpu.h"
#include "meter/nvml/library.h"
#include "meter/nvml/visible_devices.h"

namespace sm2::meter::nvml {
namespace {

bool gone(Code code) {
  return code == Code::kGpuIsLost || code == Code::kResetRequired || code == Code::kNotFound;
}

Accelerator of(const Gpu& gpu, std::string name, std::string id, std::string part) {
  Accelerator accelerator;
  accelerator.device = {std::move(name), std::move(id), trial::Vendor::kNvidia, std::move(part)};
  accelerator.model = gpu.name;
  accelerator.spelled = {std::to_string(gpu.index)};
  accelerator.lost = [device = gpu.device]() -> std::optional<std::string> {
    const auto power = device->power_usage_mw();
    if (power || !gone(power.error())) return {};
    return reason(power.error()) + "; remedy: " + remedy(power.error());
  };
  return accelerator;
}

Accelerator of(const Gpu& gpu, const Mig& mig) {
  Accelerator accelerator = of(gpu, gpu.domain(mig), mig.uuid, gpu.part(mig));
  accelerator.instance = true;
  for (const std::string& whole : {gpu.domain(), gpu.device->uuid(), gpu.part()})
    accelerator.spelled.push_back(whole);
  return accelerator;
}

bool in_mig_mode(const Gpu& gpu) { return gpu.mig_slots > 0; }

}  // namespace

std::vector<Accelerator> accelerators(const Settings& settings, const base::Clock& clock) {
  const auto library = Library::open(settings.nvml_library, clock);
  const auto count = library ? (*library)->count() : Answer<unsigned>(0);
  if (!count || *count == 0) return {};
  const std::vector<Gpu> gpus = find_gpus(*library, *count);
  const auto seen = visible_devices(settings.cuda_visible_devices, identities(gpus)).devices;
  const auto visible = [&](const Visible& one) { return std::ranges::find(seen, one) != seen.end(); };
  std::vector<Accelerator> all;
  for (std::size_t at = 0; at < gpus.size(); ++at) {
    const Gpu& gpu = gpus[at];
    if (!gpu.device) continue;
    const bool whole = visible({at, {}});
    if (!in_mig_mode(gpu)) {
      all.push_back(of(gpu, gpu.domain(), gpu.device->uuid(), gpu.part()));
      all.back().visible = whole;
    }
    for (std::size_t mig = 0; mig < gpu.migs.size(); ++mig) {
      all.push_back(of(gpu, gpu.migs[mig]));
      all.back().visible = whole || visible({at, mig});
    }
  }
  return all;
}

}  // namespace sm2::meter::nvml
