// Energy by domain, as JSON: what a figure is made of, and where it comes from.
#pragma once

#include <string>

#include "trial/energy.h"

namespace sm2::dashboard {

// [{"domain", "source", "quality", "joules", "joules_error", "above_idle", "counted", "note"}, ...]
std::string readings_json(const trial::Energy& energy);

}  // namespace sm2::dashboard
