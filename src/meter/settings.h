// What a user may say about energy sources, and where the machine's files and libraries are. All of it is injected, so
// that tests use their own.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/quantity.h"

namespace sm2::meter {

struct Settings {
  std::optional<base::Watts> idle;  // of one logical processor doing nothing, for cpu-model
  std::optional<base::Watts> busy;  // of one fully used
  std::filesystem::path curve;      // where a calibrated power curve is kept (calibration.h); empty: nowhere
  std::filesystem::path sysfs = "/sys";
  std::filesystem::path proc = "/proc";
  std::string nvml_library = "libnvidia-ml.so.1";
  std::string rocm_library = "librocm_smi64.so";
  std::optional<std::string> cuda_visible_devices;  // as CUDA reads it; absent: all
  std::optional<std::string> rocr_visible_devices;
  std::optional<std::string> slurm_step;  // that this process runs in, "JOB.STEP"; absent: in none
  std::string sstat = "sstat", scontrol = "scontrol";
};

// Of this process: CUDA_VISIBLE_DEVICES, ROCR_VISIBLE_DEVICES, SLURM_JOB_ID with SLURM_STEP_ID, and SM2_SYSFS and SM2_PROC, which say where a
// container finds the host's /sys and /proc; the curve in $XDG_CONFIG_HOME or ~/.config.
Settings settings_from_environment();

}  // namespace sm2::meter
