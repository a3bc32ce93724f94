#include "meter/nvml/power_sensor.h"

#include <algorithm>
#include <string>

namespace sm2::meter::nvml {
namespace {

using base::Seconds;

enum Architecture : unsigned { kVolta = 5, kTuring = 6, kAmpere = 7, kAda = 8 };  // NVML_DEVICE_ARCH_...

// How a sensor looks at the power: every `update`, over `looks`; shown is the mean over `averaged`.
struct Look {
  double update_ms, averaged_ms, duty;
};

constexpr Look kQuarter = {100, 25, 0.25};  // A100, H100: 25 ms of every 100
constexpr Look kVoltaLook = {20, 10, 0.5};
constexpr Look kWhole = {100, 100, 1};  // Turing; GA10x and Ada, instant
constexpr Look kSecond = {100, 1000, 1};

PowerSensor sensor(const Look& look, base::Watts highest) {
  PowerSensor sensor;
  sensor.update = Seconds(look.update_ms / 1000);
  sensor.averaged = Seconds(look.averaged_ms / 1000);
  sensor.duty = look.duty;
  sensor.fixed_phase = look.duty < 1;
  sensor.highest = highest;
  sensor.relative_error = kRelativeError;
  return sensor;
}

// Ampere's large chip, by the names of its boards: "NVIDIA A100-SXM4-80GB", not "NVIDIA RTX A3000".
bool is_ga100(std::string_view name) {
  constexpr std::string_view kBoards[] = {"A100", "A100X", "A800", "A30", "A30X", "170HX", "GA100"};
  constexpr std::string_view kBetween = " -_/,";
  while (!name.empty()) {
    const std::size_t end = std::min(name.find_first_of(kBetween), name.size());
    if (std::ranges::find(kBoards, name.substr(0, end)) != std::end(kBoards)) return true;
    name.remove_prefix(std::min(end + 1, name.size()));
  }
  return false;
}

}  // namespace

PowerSensor instant_sensor(unsigned architecture, std::string_view name, base::Watts highest) {
  switch (architecture) {
    case kVolta:
      return sensor(kVoltaLook, highest);
    case kTuring:
    case kAda:
      return sensor(kWhole, highest);
    case kAmpere:
      return sensor(is_ga100(name) ? kQuarter : kWhole, highest);
    default:
      return sensor(kQuarter, highest);
  }
}

PowerSensor usage_sensor(unsigned architecture, std::string_view name, base::Watts highest) {
  switch (architecture) {
    case kVolta:
      return sensor(kVoltaLook, highest);
    case kTuring:
      return sensor(kWhole, highest);
    case kAmpere:
      return sensor(is_ga100(name) ? kQuarter : kSecond, highest);
    default:
      return sensor(kSecond, highest);
  }
}

}  // namespace sm2::meter::nvml
