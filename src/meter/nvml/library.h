// NVML, NVIDIA's management library, opened at run time. Raw units: mJ, mW, percent. Only nvmlInit, the count and the
// handles must be there; another function that the library lacks answers kFunctionNotFound.
//
// Names, numbers and layouts are those of NVIDIA's nvml.h (CUDA 12), declared anew in library.cc: no package of Debian
// has that header. NVML is thread-safe, and so is this class.
//
// After a reload of the driver every call answers kUninitialized; revive() then initialises again, at most once a
// second, and handles from before are no longer good (`generation` tells).
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.h"
#include "meter/discovery.h"
#include "meter/nvml/result.h"

namespace sm2::meter::nvml {

using Handle = struct nvmlDevice_st*;

struct LimitRange {
  unsigned min_mw = 0, max_mw = 0;
};

struct ProcessUse {
  unsigned pid = 0;
  std::uint64_t at_us = 0;  // when it was sampled, in the driver's time
  unsigned sm_percent = 0;  // of the time in which the process ran on the GPU
};

// Numbers of nvmlDeviceGetFieldValues.
enum class Field : unsigned { kTotalEnergy = 83, kAveragePower = 185, kInstantPower = 186 };

class Library {
 public:
  // `file` as dlopen takes it; the clock outlives the library.
  static tl::expected<std::shared_ptr<Library>, Unusable> open(const std::string& file,
                                                               const base::Clock& clock);
  ~Library();
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;

  unsigned generation() const { return generation_; }
  // Whether NVML is initialised again; `seen` is the generation in which it was found not to be.
  bool revive(unsigned seen);

  Answer<unsigned> count() const;
  Answer<Handle> by_index(unsigned index) const;
  Answer<Handle> by_uuid(const std::string& uuid) const;

  Answer<std::string> uuid(Handle device) const;
  Answer<std::string> name(Handle device) const;
  Answer<std::string> pci_address(Handle device) const;
  Answer<unsigned> architecture(Handle device) const;

  Answer<std::uint64_t> total_energy_mj(Handle device) const;
  Answer<unsigned> power_mw(Handle device) const;
  Answer<std::uint64_t> field(Handle device, Field field) const;
  // Newer than `since_us`, each process as often as it was sampled. Empty where nothing is newer.
  Answer<std::vector<ProcessUse>> process_use(Handle device, std::uint64_t since_us) const;

  Answer<bool> mig_enabled(Handle device) const;
  Answer<unsigned> mig_slots(Handle device) const;  // instances that fit in: as many as it has compute slices
  Answer<Handle> mig_instance(Handle device, unsigned index) const;
  Answer<unsigned> mig_slices(Handle instance) const;

  Answer<unsigned> power_limit_mw(Handle device) const;
  Answer<unsigned> default_power_limit_mw(Handle device) const;
  Answer<LimitRange> power_limit_range(Handle device) const;
  Answer<> set_power_limit_mw(Handle device, unsigned milliwatts) const;

 private:
  struct Functions;

  Library(std::unique_ptr<Functions> functions, const base::Clock& clock);

  std::unique_ptr<Functions> functions_;
  const base::Clock& clock_;
  std::mutex reviving_;
  base::Seconds tried_at_;
  std::atomic<unsigned> generation_ = 1;
};

}  // namespace sm2::meter::nvml
