#include "meter/rocm/accelerators.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "meter/rocm/gpu.h"
#include "meter/rocm/library.h"
#include "meter/rocm/rocm.h"
#include "meter/rocm/visible_devices.h"

namespace sm2::meter::rocm {
namespace {

// As ROCm's runtime takes it: the unique id, or the index where another GPU, or a partition of the same one, has that too.
std::string runtime_id(const Gpu& gpu, const std::vector<Gpu>& all) {
  const bool unique = std::ranges::count(all, gpu.unique_id, &Gpu::unique_id) == 1;
  return unique && gpu.unique_id != 0 ? gpu.id() : std::to_string(gpu.index);
}

std::optional<std::string> lost(Library& library, std::uint32_t device) {
  const auto power = library.power(device);
  if (power || power.error().status == kNotSupported || power.error().status == kPermission) return {};
  return power.error().message() + "; remedy: see what the driver says: sudo dmesg | grep amdgpu";
}

}  // namespace

std::vector<Accelerator> accelerators(const Settings& settings) {
  if (!has_amd_gpu(settings.sysfs)) return {};
  auto opened = Library::open(settings.rocm_library);
  if (!opened) return {};
  const std::shared_ptr<Library> library = std::move(*opened);
  const std::vector<Gpu> gpus = list(*library, library->devices().value_or(0));
  std::vector<std::uint64_t> ids;
  for (const Gpu& gpu : gpus) ids.push_back(gpu.unique_id);
  std::vector<Accelerator> all;
  for (const Gpu& gpu : gpus) {
    Accelerator& one = all.emplace_back();
    one.device = {gpu.name(), runtime_id(gpu, gpus), trial::Vendor::kAmd, gpu.part()};
    one.model = gpu.model;
    one.spelled = {std::to_string(gpu.index), gpu.id()};
    one.visible = !settings.rocr_visible_devices;
    one.lost = [library, index = gpu.index] { return lost(*library, index); };
  }
  if (settings.rocr_visible_devices) {
    for (const std::size_t at : visible_devices(*settings.rocr_visible_devices, ids)) all[at].visible = true;
  }
  return all;
}

}  // namespace sm2::meter::rocm
