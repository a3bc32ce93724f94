#include "meter/settings.h"

#include <cstdlib>

namespace sm2::meter {
namespace {

std::optional<std::string> variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? std::optional<std::string>(value) : std::nullopt;
}

std::filesystem::path curve_file() {
  const auto config = variable("XDG_CONFIG_HOME"), home = variable("HOME");
  if (config && !config->empty()) return std::filesystem::path(*config) / "sm2" / "cpu-curve.json";
  return home && !home->empty() ? std::filesystem::path(*home) / ".config" / "sm2" / "cpu-curve.json"
                                : std::filesystem::path();
}

}  // namespace

Settings settings_from_environment() {
  Settings settings;
  settings.curve = curve_file();
  settings.cuda_visible_devices = variable("CUDA_VISIBLE_DEVICES");
  settings.rocr_visible_devices = variable("ROCR_VISIBLE_DEVICES");
  if (const auto job = variable("SLURM_JOB_ID"); job && !job->empty())
    settings.slurm_step = *job + "." + variable("SLURM_STEP_ID").value_or("batch");
  if (const auto sysfs = variable("SM2_SYSFS"); sysfs && !sysfs->empty()) settings.sysfs = *sysfs;
  if (const auto proc = variable("SM2_PROC"); proc && !proc->empty()) settings.proc = *proc;
  return settings;
}

}  // namespace sm2::meter
