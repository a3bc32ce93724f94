#include "runner/device_variables.h"

#include <nlohmann/json.hpp>

namespace sm2::runner {
namespace {

// What is made of each of the vendor's devices, in order, separated by commas.
template <class Word>
std::string list(const trial::Devices& own, trial::Vendor vendor, Word word) {
  std::string all;
  for (const trial::Device& device : own) {
    if (device.vendor == vendor) all += (all.empty() ? "" : ",") + word(device);
  }
  return all.empty() ? "-1" : all;
}

std::string id(const trial::Device& device) { return device.id; }

std::string as_json(const trial::Devices& own) {
  auto all = nlohmann::ordered_json::array();
  for (const trial::Device& device : own) all.push_back({{"name", device.name}, {"id", device.id}});
  return all.dump();
}

}  // namespace

std::map<std::string, std::string> device_variables(const trial::Devices& own,
                                                    const std::set<trial::Vendor>& vendors) {
  std::map<std::string, std::string> all = {{"SM2_DEVICES", as_json(own)}};
  if (vendors.contains(trial::Vendor::kNvidia)) {
    all["CUDA_VISIBLE_DEVICES"] = list(own, trial::Vendor::kNvidia, id);
    all["CUDA_DEVICE_ORDER"] = "PCI_BUS_ID";
  }
  if (vendors.contains(trial::Vendor::kAmd)) {
    all["ROCR_VISIBLE_DEVICES"] = list(own, trial::Vendor::kAmd, id);
    int place = 0;
    all["HIP_VISIBLE_DEVICES"] =
        list(own, trial::Vendor::kAmd, [&](const trial::Device&) { return std::to_string(place++); });
  }
  return all;
}

}  // namespace sm2::runner
