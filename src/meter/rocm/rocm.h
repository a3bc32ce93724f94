// The source "rocm": AMD's GPUs, through librocm_smi64.
//
// Where a GPU has an energy counter that moves, its joules are the counter's: steps of 2^-16 J (kgd_pp_interface.h of
// Linux: 15.259 uJ), every 1 ms. Else its power is integrated: of the moment where the GPU says that, else a mean over a
// time that AMD does not state, for which 1 s is assumed. AMD states no accuracy; 5 % is assumed. An entry that is part
// of another one's GPU (dies.h) is shown inside that, with no joules of its own.
#pragma once

#include <filesystem>
#include <string>

#include "base/clock.h"
#include "meter/discovery.h"
#include "meter/settings.h"

namespace sm2::meter::rocm {

// Whether the kernel drives one. ROCm's library is not asked where there is none: it complains on standard error then.
bool has_amd_gpu(const std::filesystem::path& sysfs);

Discovery discover(const Settings& settings, const std::string& argument, const base::Clock& clock);

}  // namespace sm2::meter::rocm
