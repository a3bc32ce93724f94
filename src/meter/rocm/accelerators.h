// AMD's part of meter/accelerators.h.
#pragma once

#include <vector>

#include "meter/accelerators.h"

namespace sm2::meter::rocm {

std::vector<Accelerator> accelerators(const Settings& settings);

}  // namespace sm2::meter::rocm
