// What `sm2 measure` found, as data, and how it is said: pure functions, for people and as JSON
// (docs/energy.md documents the keys).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/quantity.h"
#include "trial/energy.h"

namespace sm2::cli {

struct Measurement {
  std::vector<std::string> command;
  int exit = 0;               // as a shell reports it: the command's status, or 128 + its signal
  std::optional<int> signal;  // that ended it
  base::Seconds time;
  std::optional<base::Seconds> cpu_time;  // of its whole process tree
  trial::Energy energy;
};

std::string text(const Measurement& measurement);
std::string json(const Measurement& measurement);  // one line

}  // namespace sm2::cli
