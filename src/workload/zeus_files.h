// What the files of a folder in the layout of the Zeus traces say, row by row and before any judgement. Fails
// on a missing file or column, a number that cannot be, a row that is there twice.
#pragma once

#include <compare>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/quantity.h"
#include "base/result.h"

namespace sm2::workload::zeus {

struct Name {  // of what is trained
  std::string dataset;
  std::string network;
  std::string optimizer;
  auto operator<=>(const Name&) const = default;
};

using Run = std::map<double, std::optional<int>>;     // metric -> the epoch that first reached it, if one did
using RunName = std::pair<std::string, std::string>;  // learning rate, run
using Runs = std::map<RunName, Run>;
using Trained = std::map<std::int64_t, Runs>;  // by batch size

struct Measured {  // one epoch under a power limit
  base::Watts limit;
  base::Seconds time;
  base::Watts power;
};
using Limits = std::vector<Measured>;            // ascending, each limit once
using Powered = std::map<std::int64_t, Limits>;  // by batch size

struct Files {
  std::map<Name, Trained> training;
  std::map<std::string, std::map<Name, Powered>> power;  // by GPU
};

base::Result<Files> read_files(const std::string& folder);

}  // namespace sm2::workload::zeus
