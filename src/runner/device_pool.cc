#include "runner/device_pool.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace sm2::runner {

DevicePool::DevicePool(const trial::Devices& devices, Terms terms, Lost lost)
    : terms_(std::move(terms)), lost_(std::move(lost)) {
  for (const trial::Device& device : devices) slots_.push_back({device});
}

std::optional<std::size_t> DevicePool::places() const {
  if (!exclusive() || *terms_.each == 0) return {};
  return slots_.size() / *terms_.each;
}

bool DevicePool::room() {
  const std::size_t wanted = terms_.each.value_or(1);
  if (wanted == 0) return true;
  for (Slot& slot : slots_) {
    if (usable(slot)) slot.lost = lost_(slot.device);
  }
  const auto count = std::ranges::count_if(slots_, [&](const Slot& slot) { return usable(slot); });
  return static_cast<std::size_t>(count) >= wanted;
}

trial::Devices DevicePool::take(trial::TrialId trial, const trial::Devices& had) {
  std::vector<std::size_t> chosen;
  for (std::size_t at = 0; at < slots_.size(); ++at) {
    if (usable(slots_[at])) chosen.push_back(at);
  }
  const auto since =
      [&](const trial::Device& device) {  // it had it: 0 for the last one, and had.size() if never
        return std::ranges::find(had.rbegin(), had.rend(), device.id, &trial::Device::id) - had.rbegin();
      };
  std::ranges::stable_sort(chosen, {}, [&](std::size_t at) {
    const Slot& slot = slots_[at];
    return std::tuple(slot.holders, since(slot.device), slot.given_back);
  });
  chosen.resize(std::min(chosen.size(), terms_.each.value_or(chosen.size())));
  std::ranges::sort(chosen);
  trial::Devices devices;
  for (const std::size_t at : chosen) {
    ++slots_[at].holders;
    devices.push_back(slots_[at].device);
  }
  held_[trial] = std::move(chosen);
  return devices;
}

void DevicePool::give_back(trial::TrialId trial) {
  const auto held = held_.find(trial);
  if (held == held_.end()) return;
  for (const std::size_t at : held->second) {
    --slots_[at].holders;
    slots_[at].given_back = ++given_back_;
  }
  held_.erase(held);
}

}  // namespace sm2::runner
