// A device that a trial's process may use: a GPU, or a MIG instance of one. Plain data, stored with what the trial did.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sm2::trial {

enum class Vendor { kNvidia, kAmd };

struct Device {
  std::string name;  // of the domain that counts its energy: "gpu-0", "gpu-0/mig-1", "amdgpu-0"
  std::string id;    // by which its vendor's runtime knows it: "GPU-...", "MIG-...", else an index
  Vendor vendor = Vendor::kNvidia;
  std::string part;  // of the machine: "gpu 0000:3b:00.0", an instance with its number behind it
  bool operator==(const Device&) const = default;
};

using Devices = std::vector<Device>;

std::string_view name(Vendor vendor);  // "nvidia", "amd"

std::string names(const Devices& devices);  // "gpu-0, gpu-1"
std::vector<std::string> parts(const Devices& devices);

}  // namespace sm2::trial
