#include "meter/rocm/rocm.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>

#include "meter/rocm/dies.h"
#include "meter/rocm/gpu.h"
#include "meter/rocm/library.h"
#include "meter/rocm/visible_devices.h"

namespace sm2::meter::rocm {
namespace {

constexpr const char* kLoadDriver = "where there is one: sudo modprobe amdgpu";
constexpr const char* kJoinGroups = "sudo usermod -aG render,video $USER, and log in again";
constexpr const char* kSeeLog = "see what the driver says: sudo dmesg | grep amdgpu";

Unusable explain(const Library::Failure& failure) {
  if (!failure.opened) return {failure.reason, "sudo apt install librocm-smi64-1, or AMD's rocm-smi-lib"};
  if (failure.status == kPermission) return {failure.reason, kJoinGroups, true};
  if (failure.status == kInitialisation)
    return {failure.reason + ": no AMD GPU, or no driver for it", kLoadDriver};
  return {failure.reason, kSeeLog};
}

Unusable explain(const Gpu& gpu) {
  std::string reason = fmt::format("{} ({}): ", gpu.name(), gpu.model);
  if (!gpu.counter_fault.empty()) reason += gpu.counter_fault + ", and ";
  if (gpu.power) return {reason + "it says that it uses 0 W, which cannot be", kSeeLog, true};
  const bool permission = gpu.power.error().status == kPermission;
  return {reason + gpu.power.error().message(), permission ? kJoinGroups : kSeeLog, true};
}

std::vector<Entry> entries(const std::vector<Gpu>& gpus) {
  std::vector<Entry> all;
  for (const Gpu& gpu : gpus) {
    const bool zero = gpu.power && gpu.power->microwatts == 0 && gpu.cap == 0u;
    all.push_back({gpu.model, gpu.pci, gpu.unique_id, gpu.reads(), zero});
  }
  return all;
}

// What is visible, and what counts for it.
std::vector<bool> wanted(const Settings& settings, const std::vector<Gpu>& gpus,
                         const std::vector<std::optional<std::size_t>>& inside) {
  std::vector<bool> wanted(gpus.size(), !settings.rocr_visible_devices);
  if (!settings.rocr_visible_devices) return wanted;
  std::vector<std::uint64_t> ids;
  for (const Gpu& gpu : gpus) ids.push_back(gpu.unique_id);
  for (const std::size_t at : visible_devices(*settings.rocr_visible_devices, ids)) {
    wanted[at] = true;
    if (inside[at]) wanted[*inside[at]] = true;
  }
  return wanted;
}

std::string names_inside(std::size_t container, const std::vector<Gpu>& gpus,
                         const std::vector<std::optional<std::size_t>>& inside) {
  std::vector<std::string> names;
  for (std::size_t at = 0; at < gpus.size(); ++at) {
    if (inside[at] == container) names.push_back(gpus[at].name());
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

bool has_amd_gpu(const std::filesystem::path& sysfs) {
  constexpr const char* kAmd = "0x1002";
  std::error_code code;
  for (const auto& card : std::filesystem::directory_iterator(sysfs / "class" / "drm", code)) {
    std::string vendor;
    if (std::ifstream(card.path() / "device" / "vendor") >> vendor && vendor == kAmd) return true;
  }
  return false;
}

Discovery discover(const Settings& settings, const std::string&, const base::Clock& clock) {
  Discovery discovery;
  if (!has_amd_gpu(settings.sysfs)) {
    discovery.unusable.push_back(
        {"no AMD GPU with a driver in " + (settings.sysfs / "class/drm").string(), kLoadDriver});
    return discovery;
  }
  auto opened = Library::open(settings.rocm_library);
  if (!opened) {
    discovery.unusable.push_back(explain(opened.error()));
    return discovery;
  }
  const std::shared_ptr<Library> library = std::move(*opened);
  const auto count = library->devices();
  if (!count || *count == 0) {
    discovery.unusable.push_back({count ? "ROCm lists no GPU" : count.error().message(), kSeeLog});
    return discovery;
  }
  const std::vector<Gpu> gpus = list(*library, *count);
  const auto inside = contained_in(entries(gpus));
  const auto want = wanted(settings, gpus, inside);
  for (std::size_t at = 0; at < gpus.size(); ++at) {
    if (!want[at]) continue;
    if (inside[at]) {
      discovery.domains.push_back(make_contained(gpus[at], gpus[*inside[at]].name()));
    } else if (gpus[at].reads()) {
      discovery.domains.push_back(make_domain(library, gpus[at], names_inside(at, gpus, inside), clock));
    } else {
      discovery.unusable.push_back(explain(gpus[at]));
    }
  }
  if (discovery.domains.empty() && discovery.unusable.empty()) {
    discovery.unusable.push_back({fmt::format("ROCR_VISIBLE_DEVICES, '{}', leaves none of {} GPUs",
                                              *settings.rocr_visible_devices, gpus.size()),
                                  "unset ROCR_VISIBLE_DEVICES"});
  }
  return discovery;
}

}  // namespace sm2::meter::rocm
