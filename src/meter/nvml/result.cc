#include "meter/nvml/result.h"

#include <fmt/format.h>

#include <algorithm>

namespace sm2::meter::nvml {
namespace {

struct Meaning {
  Code code;
  const char* reason;
  const char* remedy;
};

constexpr const char* kSeeLog = "look for NVRM or Xid in: sudo dmesg";

constexpr Meaning kMeanings[] = {
    {Code::kUninitialized, "the NVIDIA driver was reloaded", "start the program again if it stays so"},
    {Code::kInvalidArgument, "NVML refuses the GPU or the value", kSeeLog},
    {Code::kNotSupported, "this GPU does not offer it", "none on this GPU"},
    {Code::kNoPermission, "no permission", "run as root, or as a user who may open /dev/nvidia*"},
    {Code::kNotFound, "NVML does not find it", "compare with: nvidia-smi -L"},
    {Code::kInsufficientPower, "the GPU's power cables are not attached properly",
     "attach them, then restart"},
    {Code::kDriverNotLoaded, "the NVIDIA driver is not loaded", "sudo modprobe nvidia"},
    {Code::kTimeout, "the driver did not answer in time", kSeeLog},
    {Code::kIrqIssue, "the driver gets no interrupts from a GPU", kSeeLog},
    {Code::kFunctionNotFound, "this version of the NVIDIA driver does not offer it",
     "install a newer NVIDIA driver"},
    {Code::kCorruptedInforom, "the GPU's infoROM is corrupted", kSeeLog},
    {Code::kGpuIsLost, "the GPU is lost: it does not answer on its bus",
     "restart the machine, or: sudo nvidia-smi --gpu-reset"},
    {Code::kResetRequired, "the GPU must be reset", "sudo nvidia-smi --gpu-reset"},
    {Code::kOperatingSystem, "the operating system or a control group blocks the GPU",
     "give the container or job access to /dev/nvidia*"},
    {Code::kVersionMismatch,
     "the loaded driver and its library have different versions, as after an upgrade of the driver",
     "restart the machine, or stop what uses the GPUs and: sudo rmmod nvidia_uvm nvidia_drm nvidia_modeset "
     "nvidia && "
     "sudo modprobe nvidia"},
    {Code::kInUse, "the GPU is in use", "stop what uses it"},
    {Code::kUnknown, "the driver failed and says no more", kSeeLog},
};

const Meaning* find(Code code) {
  const auto found = std::ranges::find(kMeanings, code, &Meaning::code);
  return found == std::end(kMeanings) ? nullptr : &*found;
}

}  // namespace

std::string reason(Code code) {
  const Meaning* meaning = find(code);
  return meaning ? meaning->reason : fmt::format("NVML error {}", static_cast<int>(code));
}

std::string remedy(Code code) {
  const Meaning* meaning = find(code);
  return meaning ? meaning->remedy : kSeeLog;
}

bool never(Code code) { return code == Code::kNotSupported || code == Code::kFunctionNotFound; }

}  // namespace sm2::meter::nvml
