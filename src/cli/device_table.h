// What `sm2 devices` says: every energy source of this version, whether it can be used here, how well it
// measures, and what would make it usable. For people and as JSON (docs/energy.md documents the keys).
#pragma once

#include <string>

#include "meter/settings.h"

namespace sm2::cli {

std::string devices_text(const meter::Settings& settings);
std::string devices_json(const meter::Settings& settings);

}  // namespace sm2::cli
