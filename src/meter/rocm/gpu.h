// One entry of ROCm's list of GPUs: what it says of itself at discovery, and its domain.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "meter/domain.h"
#include "meter/rocm/library.h"

namespace sm2::meter::rocm {

struct Gpu {
  std::uint32_t index = 0;
  std::string model;
  std::string pci;                        // address, or empty
  std::uint64_t unique_id = 0;            // 0: not known
  std::optional<Library::Energy> energy;  // of a counter that counts
  Answer<Library::Power> power;
  std::optional<std::uint64_t> cap, most_cap;  // in microwatts
  std::string counter_fault;                   // why there is no energy, where that is odd

  bool reads() const { return energy || (power && power->microwatts > 0); }
  std::string name() const { return "amdgpu-" + std::to_string(index); }
  std::string id() const;    // "GPU-" and the unique id; empty where that is not known
  std::string part() const;  // of the machine
};

// All that are listed. Counters are watched for a few milliseconds: one that stands still does not count.
std::vector<Gpu> list(Library& library, std::uint32_t count);

// Of a GPU that reads. `also` names what it counts besides itself, or is empty.
std::unique_ptr<Domain> make_domain(std::shared_ptr<Library> library, const Gpu& gpu, const std::string& also,
                                    const base::Clock& clock);
// Of an entry whose joules are in those of `counted_in`.
std::unique_ptr<Domain> make_contained(const Gpu& gpu, const std::string& counted_in);

}  // namespace sm2::meter::rocm
