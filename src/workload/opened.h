// What a place that holds workloads gives: its cases, and words about them for whoever asked, e.g. why one
// was left out.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "workload/workload.h"

namespace sm2::workload {

struct OpenOptions {
  std::optional<bool>
      minimize;  // whether lower metrics are better; absent: what the place itself says or shows
  std::optional<double> target;  // in the metric's own sense, not oriented; absent: the place's own
};

struct Opened {
  std::vector<std::unique_ptr<Workload>> workloads;
  std::vector<std::string> notes;  // each one line
};

}  // namespace sm2::workload
