// Where and how a training computes: the device, mixed precision, one result for one seed, and how much
// memory it took. Errors: UsageError for a device or a precision that is not to be had.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "trainer.h"

namespace trainer {

// Also sets threads, seeds, and deterministic algorithms where libtorch has them.
torch::Device prepare_device(const Settings& settings);

// While it lives, what autocast lists is computed in the lower precision, and kept copies of weights are
// dropped at its end.
class MixedPrecision {
 public:
  MixedPrecision(const std::string& precision, torch::Device device);
  ~MixedPrecision();
  MixedPrecision(const MixedPrecision&) = delete;
  MixedPrecision& operator=(const MixedPrecision&) = delete;

 private:
  bool on_;
  bool cuda_;
};

// The most bytes that this process held: resident memory on the CPU; on another device what libtorch
// allocated there since this object was made, by this thread and the backward passes that it started. Nothing
// unknown is zero: see bytes().
class PeakMemory {
 public:
  explicit PeakMemory(torch::Device device);
  ~PeakMemory();
  PeakMemory(const PeakMemory&) = delete;
  PeakMemory& operator=(const PeakMemory&) = delete;
  std::optional<double> bytes() const;

 private:
  struct Watch;
  std::unique_ptr<Watch> watch_;  // none on the CPU
};

// glibc gives large blocks back to the system when they are freed, and every step asks for the same ones
// again: at a batch size of 512 a third of the CPU time went into page faults.
void keep_freed_memory();

}  // namespace trainer
