// What NVML's functions answer, in words and with what would help. The numbers are NVML's (nvml.h, nvmlReturn_t); a
// number that is not listed is shown as it is.
#pragma once

#include <string>
#include <tl/expected.hpp>

namespace sm2::meter::nvml {

enum class Code : int {
  kSuccess = 0,
  kUninitialized = 1,
  kInvalidArgument = 2,
  kNotSupported = 3,
  kNoPermission = 4,
  kNotFound = 6,
  kInsufficientSize = 7,
  kInsufficientPower = 8,
  kDriverNotLoaded = 9,
  kTimeout = 10,
  kIrqIssue = 11,
  kFunctionNotFound = 13,
  kCorruptedInforom = 14,
  kGpuIsLost = 15,
  kResetRequired = 16,
  kOperatingSystem = 17,
  kVersionMismatch = 18,
  kInUse = 19,
  kUnknown = 999,
};

template <class T = void>
using Answer = tl::expected<T, Code>;

std::string reason(Code code);  // "the GPU is lost: it has fallen off the bus"
std::string remedy(Code code);

// The device or this library does not have it, and will not have it later either.
bool never(Code code);

}  // namespace sm2::meter::nvml
