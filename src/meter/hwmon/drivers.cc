#include "meter/hwmon/drivers.h"

#include <algorithm>
#include <cerrno>

namespace sm2::meter::hwmon {
namespace {

using base::Seconds;
using base::Watts;

struct Row {
  std::string_view driver;   // with a star at its end: begins with it
  std::string_view channel;  // "power1"; empty: any
  std::string_view label;    // begins with it; empty: any; "-": none
  Belongs belongs;
  std::string_view domain;  // '#' is the number that the label ends with, else the chip's ordinal
  std::string_view inside;
  std::string_view what;
  double highest;
  double relative_error;
  double update;
};

constexpr Row kIgnored{"", "", "", Belongs::kNothing, "", "", "", 0, 0, 0};

constexpr Row ignored(std::string_view driver) {
  Row row = kIgnored;
  row.driver = driver;
  return row;
}

// The first row that fits counts; of drivers that count the same part, earlier ones are preferred.
constexpr Row kRows[] = {
    {"amdgpu", "power1", "", Belongs::kGpu, "amdgpu-#", "", "an AMD GPU, by its firmware", 2000, 0.1, 0.1},
    ignored("amdgpu"),
    ignored("i915_gt*"),
    {"i915", "energy1", "", Belongs::kGpu, "i915-#", "", "an Intel GPU, the card", 1000, 0.1, 0.01},
    {"xe", "energy1", "", Belongs::kGpu, "xe-#", "", "an Intel GPU, the card", 1000, 0.1, 0.01},
    {"xe", "energy2", "", Belongs::kGpu, "xe-package-#", "xe-#", "an Intel GPU, its package", 1000, 0.1,
     0.01},
    {"nouveau", "power1", "", Belongs::kGpu, "nouveau-#", "", "an NVIDIA GPU, by its sensor", 1000, 0.1, 0.1},
    {"amd_energy", "", "Esocket", Belongs::kProcessors, "socket-#", "", "a processor socket, modelled by AMD",
     1000, 0.2, 0.001},
    ignored("amd_energy"),
    {"zenpower", "", "SVI2_P_Core", Belongs::kProcessors, "zen-core-#", "",
     "the cores' supply, as its regulator says", 1000, 0.3, 0},
    {"zenpower", "", "SVI2_P_SoC", Belongs::kProcessors, "zen-soc-#", "",
     "the uncore's supply, as its regulator says", 1000, 0.3, 0},
    {"power_meter", "", "Grace Power Socket", Belongs::kProcessors, "grace-#", "",
     "a Grace processor with its memory", 1000, 0.05, 1},
    {"power_meter", "", "CPU Power Socket", Belongs::kProcessors, "grace-cpu-#", "grace-#",
     "the cores of a Grace", 1000, 0.05, 1},
    {"power_meter", "", "SysIO Power Socket", Belongs::kProcessors, "grace-sysio-#", "grace-#",
     "the uncore and I/O of a Grace", 1000, 0.05, 1},
    {"power_meter", "", "Module Power Socket", Belongs::kNode, "module-#", "overlaps grace-#",
     "a Grace Hopper module with its GPU and memory", 3000, 0.05, 1},
    {"power_meter", "power1", "-", Belongs::kNode, "node-#", "", "the machine, by its ACPI power meter",
     20000, 0.1, 1},
    {"macsmc_hwmon", "", "Total System Power", Belongs::kNode, "system", "", "the machine, by its SMC", 1000,
     0.1, 0.1},
    ignored("macsmc_hwmon"),
    {"corsairpsu", "power1", "", Belongs::kNode, "psu-#", "",
     "what the power supply delivers, less its own loss", 3000, 0.15, 0.1},
    ignored("corsairpsu"),
    {"ina3221", "", "VDD_IN", Belongs::kNode, "vdd-in", "", "a Jetson module", 200, 0.05, 0.05},
    {"ina3221", "", "VDD_CPU_GPU_CV", Belongs::kNode, "vdd-cpu-gpu-cv", "vdd-in",
     "CPU, GPU and CV of a Jetson", 200, 0.05, 0.05},
    {"ina3221", "", "VDD_SOC", Belongs::kNode, "vdd-soc", "vdd-in", "the SoC of a Jetson", 200, 0.05, 0.05},
    {"ina3221", "", "VDD_GPU_SOC", Belongs::kNode, "vdd-gpu-soc", "", "GPU and SoC of a Jetson AGX Orin", 200,
     0.05, 0.05},
    {"ina3221", "", "VDD_CPU_CV", Belongs::kNode, "vdd-cpu-cv", "", "CPU and CV of a Jetson AGX Orin", 200,
     0.05, 0.05},
    {"ina3221", "", "VIN_SYS_5V0", Belongs::kNode, "vin-sys-5v0", "", "memory and I/O of a Jetson AGX Orin",
     200, 0.05, 0.05},
    {"ina3221", "", "VDDQ", Belongs::kNode, "vddq", "vin-sys-5v0", "the memory of a Jetson AGX Orin", 200,
     0.05, 0.05},
    ignored("BAT*"),  // what a battery gives or takes
    ignored("ucsi_*"),
};

bool is_driver(std::string_view name, std::string_view driver) {
  return driver.ends_with('*') ? name.starts_with(driver.substr(0, driver.size() - 1)) : name == driver;
}

bool fits(const Row& row, const Chip& chip, const Channel& channel) {
  return is_driver(chip.name, row.driver) && (row.channel.empty() || row.channel == channel.name) &&
         (row.label == "-" ? channel.label.empty() : channel.label.starts_with(row.label));
}

// "0" of "Grace Power Socket 0"
std::string number(const std::string& label, int ordinal) {
  const std::string digits = label.substr(label.find_last_not_of("0123456789") + 1);
  return digits.empty() ? std::to_string(ordinal) : digits;
}

std::string fill(std::string_view pattern, const std::string& number) {
  std::string text(pattern);
  if (const auto at = text.find('#'); at != std::string::npos) text.replace(at, 1, number);
  return text;
}

}  // namespace

std::optional<Meaning> meaning(const Chip& chip, const Channel& channel, int ordinal) {
  const auto row = std::ranges::find_if(kRows, [&](const Row& r) { return fits(r, chip, channel); });
  if (row == std::end(kRows)) return {};
  const std::string index = number(channel.label, ordinal);
  Meaning known{static_cast<int>(row - kRows),
                row->belongs,
                fill(row->domain, index),
                fill(row->inside, index),
                row->what,
                Watts(row->highest),
                row->relative_error,
                Seconds(row->update),
                row->driver == "i915" || row->driver == "xe"};
  if (row->driver == "amdgpu" && chip.northbridge && known.belongs == Belongs::kGpu) {
    known.belongs = Belongs::kProcessors;
    known.what = "an AMD processor with its graphics, by its firmware";
  }
  return known;
}

bool is_asleep(const Chip& chip, int code) {
  return chip.name == "amdgpu" && (code == EPERM || code == ENODATA);
}

}  // namespace sm2::meter::hwmon
