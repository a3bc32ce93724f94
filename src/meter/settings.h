// What a user may say about energy sources, and where the machine's files are. Paths are injected so that
// tests use folders of their own.
#pragma once

#include <filesystem>
#include <optional>

#include "base/quantity.h"

namespace sm2::meter {

struct Settings {
  std::optional<base::Watts> idle;  // of one logical processor doing nothing, for cpu-model
  std::optional<base::Watts> busy;  // of one fully used
  std::filesystem::path sysfs = "/sys";
  std::filesystem::path proc = "/proc";
};

}  // namespace sm2::meter
