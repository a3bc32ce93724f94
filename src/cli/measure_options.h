// The options of `sm2 measure`: as they were typed, and checked.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/quantity.h"
#include "base/result.h"
#include "footprint/footprint.h"

namespace sm2::cli {

struct MeasureOptions {
  bool json = false;
  std::string output;
  std::vector<std::string> sources = {"auto"};
  std::vector<std::string> command;
  std::vector<std::string> idle_watts;  // "gpu-0=60 W"
  std::optional<std::string> interval, repeat, versus, idle, grid, price, power_limit;
};

struct MeasurePlan {
  bool json = false;
  std::string output;
  std::vector<std::string> sources;
  std::vector<std::string> command;
  std::optional<std::vector<std::string>> versus;
  std::optional<base::Seconds> interval;
  std::optional<std::size_t> repeat;  // present in a series, and always with `versus`
  std::optional<base::Seconds> idle;
  std::map<std::string, base::Watts> idle_watts;  // by domain
  std::optional<footprint::Grid> grid;
  std::optional<footprint::Price> price;
  std::optional<base::Watts> power_limit;
};

using Environment = std::function<const char*(const char* name)>;  // as std::getenv

// The first thing that is wrong, in one line that names its option or environment variable. SM2_GRID and SM2_PRICE stand
// in for --grid and --price; empty ones do not. Runs the program that a grid names.
base::Result<MeasurePlan> check(const MeasureOptions& options, const Environment& environment);

}  // namespace sm2::cli
