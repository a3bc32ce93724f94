#include "meter/nvml/visible_devices.h"

#include <algorithm>
#include <charconv>

namespace sm2::meter::nvml {
namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::optional<Visible> by_index(std::string_view entry, std::size_t count) {
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(entry.data(), entry.data() + entry.size(), index);
  if (error != std::errc() || end != entry.data() + entry.size() || index >= count) return {};
  return Visible{index, {}};
}

// The only one whose UUID begins so; a whole UUID is taken even if another begins with it.
std::optional<Visible> by_uuid(std::string_view entry, std::span<const Identity> gpus) {
  std::vector<Visible> matching;
  std::optional<Visible> exact;
  const auto look = [&](const std::string& uuid, const Visible& device) {
    if (uuid.starts_with(entry)) matching.push_back(device);
    if (uuid == entry) exact = device;
  };
  for (std::size_t gpu = 0; gpu < gpus.size(); ++gpu) {
    look(gpus[gpu].uuid, {gpu, {}});
    for (std::size_t mig = 0; mig < gpus[gpu].mig_uuids.size(); ++mig)
      look(gpus[gpu].mig_uuids[mig], {gpu, mig});
  }
  if (exact) return exact;
  return matching.size() == 1 ? std::optional(matching.front()) : std::nullopt;
}

std::optional<Visible> find(std::string_view entry, std::span<const Identity> gpus) {
  if (entry.starts_with("GPU-") || entry.starts_with("MIG-")) return by_uuid(entry, gpus);
  return by_index(entry, gpus.size());
}

}  // namespace

Visibility visible_devices(const std::optional<std::string>& list, std::span<const Identity> gpus) {
  Visibility seen;
  if (!list) {
    for (std::size_t gpu = 0; gpu < gpus.size(); ++gpu) seen.devices.push_back({gpu, {}});
    return seen;
  }
  std::string_view rest = trimmed(*list);
  while (!rest.empty()) {
    const std::size_t comma = rest.find(',');
    const std::string_view entry = trimmed(rest.substr(0, comma));
    const auto device = find(entry, gpus);
    if (!device) {
      if (entry != "-1") seen.invalid = std::string(entry);
      break;
    }
    if (std::ranges::find(seen.devices, *device) == seen.devices.end()) seen.devices.push_back(*device);
    if (comma == std::string_view::npos) break;
    rest.remove_prefix(comma + 1);
  }
  return seen;
}

}  // namespace sm2::meter::nvml
