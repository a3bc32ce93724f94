#include "meter/nvml/device.h"

#include <algorithm>
#include <utility>

namespace sm2::meter::nvml {

Device::Device(std::shared_ptr<Library> library, Handle handle, std::string uuid)
    : library_(std::move(library)),
      handle_(handle),
      generation_(library_->generation()),
      uuid_(std::move(uuid)) {}

Answer<> Device::find_again() {
  const unsigned current = library_->generation();
  if (generation_ == current) return {};
  return library_->by_uuid(uuid_).map([&](Handle handle) {
    handle_ = handle;
    generation_ = current;
  });
}

Answer<std::uint64_t> Device::energy_mj() {
  return ask([](Library& library, Handle handle) {
    return library.total_energy_mj(handle).map(
        [&](std::uint64_t energy) { return energy + (library.generation() - 1) * kReload; });
  });
}

Answer<std::uint64_t> Device::instant_power_mw() {
  return ask([](Library& library, Handle handle) { return library.field(handle, Field::kInstantPower); });
}

Answer<std::uint64_t> Device::power_usage_mw() {
  return ask(
      [](Library& library, Handle handle) -> Answer<std::uint64_t> { return library.power_mw(handle); });
}

std::map<pid_t, double> Device::use_by_process() {
  const auto uses =
      ask([this](Library& library, Handle handle) { return library.process_use(handle, use_seen_us_); });
  std::map<pid_t, double> by_process;
  if (!uses) return by_process;
  const std::lock_guard lock(mutex_);
  for (const ProcessUse& use : *uses) {
    by_process[static_cast<pid_t>(use.pid)] += use.sm_percent;
    use_seen_us_ = std::max(use_seen_us_, use.at_us);
  }
  return by_process;
}

}  // namespace sm2::meter::nvml
