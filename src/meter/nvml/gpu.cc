#include "meter/nvml/gpu.h"

#include <algorithm>
#include <utility>

namespace sm2::meter::nvml {
namespace {

std::vector<Mig> find_migs(const Library& library, Handle handle, unsigned slots) {
  std::vector<Mig> migs;
  for (unsigned index = 0; index < slots; ++index) {
    const auto instance = library.mig_instance(handle, index);
    if (!instance) continue;
    const auto uuid = library.uuid(*instance);
    if (uuid) migs.push_back({index, *uuid, library.mig_slices(*instance).value_or(0)});
  }
  return migs;
}

Gpu find_gpu(const std::shared_ptr<Library>& library, unsigned index) {
  Gpu gpu;
  gpu.index = index;
  const auto handle = library->by_index(index);
  const auto uuid = handle.and_then([&](Handle found) { return library->uuid(found); });
  if (!uuid) {
    gpu.lost = uuid.error();
    return gpu;
  }
  gpu.device = std::make_shared<Device>(library, *handle, *uuid);
  gpu.name = library->name(*handle).value_or("NVIDIA GPU");
  gpu.pci = library->pci_address(*handle).value_or("");
  gpu.architecture = library->architecture(*handle).value_or(kUnknownArchitecture);
  if (library->mig_enabled(*handle).value_or(false)) {
    gpu.mig_slots = library->mig_slots(*handle).value_or(0);
    gpu.migs = find_migs(*library, *handle, gpu.mig_slots);
  }
  return gpu;
}

}  // namespace

std::vector<Gpu> find_gpus(const std::shared_ptr<Library>& library, unsigned count) {
  std::vector<Gpu> gpus;
  for (unsigned index = 0; index < count; ++index) gpus.push_back(find_gpu(library, index));
  if (std::ranges::none_of(gpus, [](const Gpu& gpu) { return gpu.pci.empty(); }))
    std::ranges::stable_sort(gpus, {}, &Gpu::pci);
  return gpus;
}

std::vector<Identity> identities(const std::vector<Gpu>& gpus) {
  std::vector<Identity> list;
  for (const Gpu& gpu : gpus) {
    Identity identity{gpu.device ? gpu.device->uuid() : "", {}};
    for (const Mig& mig : gpu.migs) identity.mig_uuids.push_back(mig.uuid);
    list.push_back(std::move(identity));
  }
  return list;
}

}  // namespace sm2::meter::nvml
