// The devices of a study: what [devices] of its file wants, of what this machine has and the caller's CUDA_VISIBLE_DEVICES and
// ROCR_VISIBLE_DEVICES leave. Changes nothing.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "config/spec.h"
#include "meter/settings.h"
#include "runner/device_pool.h"

namespace sm2::cli {

struct StudyDevices {
  meter::Settings settings;                // by which meters read these devices and no other GPUs
  std::optional<runner::DevicePool> pool;  // absent where the file wants nothing: trials use what there is
  int workers = 1;                         // trials at a time: as wanted, as far as the devices go
};

// `say` is told, now, what is short of the workers that are wanted, and later, which device was lost; `clock` and what `say`
// refers to outlive it. Errors name `file` and the line of the key.
base::Result<StudyDevices> study_devices(const config::Spec& spec, const std::string& file, int workers,
                                         const base::Clock& clock,
                                         const std::function<void(const std::string&)>& say);

}  // namespace sm2::cli
