// Which entries of ROCm's list are parts of another one's GPU, whose power counts for them too. Pure.
//
// The second die of an MI250 or MI250X says 0 W and 0 J: the first says the power of both (ROCm/rocm_smi_lib issue 160;
// ml-energy/zeus pull request 203). It is the neighbour in the list, of the same name. A GPU in partitions (MI300) is
// listed once for each, with the same PCI device.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sm2::meter::rocm {

struct Entry {
  std::string name;
  std::string pci;  // address, or empty
  std::uint64_t unique_id = 0;
  bool reads = false;  // says an energy or a power
  bool zero = false;   // says that its power is 0, and that its power limit is 0 too
};

// For each entry the one that counts for it.
std::vector<std::optional<std::size_t>> contained_in(const std::vector<Entry>& entries);

}  // namespace sm2::meter::rocm
