// Which GPUs a CUDA program would see, from CUDA_VISIBLE_DEVICES. Pure.
//
// As in "CUDA Environment Variables" of NVIDIA's CUDA Programming Guide: a list of indices, UUIDs ("GPU-...",
// "MIG-...") or unique beginnings of UUIDs, separated by commas; it ends at the first entry that is not valid; an empty
// value hides every GPU; so does -1. Indices count the GPUs in the order of their PCI addresses, as with
// CUDA_DEVICE_ORDER=PCI_BUS_ID; without that variable CUDA itself puts the fastest first, which differs on machines
// with GPUs of several kinds.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sm2::meter::nvml {

struct Identity {  // of one GPU; empty where it could not be read
  std::string uuid;
  std::vector<std::string> mig_uuids;
};

struct Visible {
  std::size_t gpu = 0;             // its place in the list of identities
  std::optional<std::size_t> mig;  // place among its MIG instances; absent: the whole GPU
  bool operator==(const Visible&) const = default;
};

struct Visibility {
  std::vector<Visible> devices;        // each once
  std::optional<std::string> invalid;  // the entry at which the list ended, unless it is -1
};

// `gpus` in the order of PCI addresses; `list` absent: all of them.
Visibility visible_devices(const std::optional<std::string>& list, std::span<const Identity> gpus);

}  // namespace sm2::meter::nvml
