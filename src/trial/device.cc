#include "trial/device.h"

namespace sm2::trial {

std::string_view name(Vendor vendor) { return vendor == Vendor::kAmd ? "amd" : "nvidia"; }

std::string names(const Devices& devices) {
  std::string all;
  for (const Device& device : devices) all += (all.empty() ? "" : ", ") + device.name;
  return all;
}

std::vector<std::string> parts(const Devices& devices) {
  std::vector<std::string> all;
  for (const Device& device : devices) all.push_back(device.part);
  return all;
}

}  // namespace sm2::trial
