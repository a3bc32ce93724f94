// A study as its file describes it, checked: plain structs, one per table of the file. Defaults are the ones
// documented in docs/study-file.md. The text of the file is kept with it, because the journal stores that.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/quantity.h"
#include "runner/runner.h"
#include "space/space.h"
#include "strategy/strategy.h"

namespace sm2::config {

enum class Goal { kMaximize, kMinimize };

struct Metric {
  std::string name;
  Goal goal = Goal::kMaximize;
  std::optional<double> target;  // the study ends when a trial reaches it
  bool operator==(const Metric&) const = default;
};

struct Resource {
  std::string unit = "epoch";
  double min = 1;  // the first rung
  double max = 1;
  bool operator==(const Resource&) const = default;
};

struct Budget {  // absent: no limit
  std::optional<base::Joules> energy;
  std::optional<base::Seconds> time;
  std::optional<int> trials;
  bool operator==(const Budget&) const = default;
};

struct EnergySettings {
  std::vector<std::string> sources = {"auto"};
  std::optional<base::Watts> idle;  // per logical processor, of the cpu-model source
  std::optional<base::Watts> busy;  // likewise, fully used
  bool operator==(const EnergySettings&) const = default;
};

struct Spec {
  std::string text;                                                 // of the file
  unsigned command_line = 1, directory_line = 1, sources_line = 1;  // for what only the machine can tell

  std::string name;
  std::vector<std::string> command;
  std::optional<std::string> directory;
  std::optional<std::string> pattern;
  Metric metric;
  Resource resource;
  space::Space space;
  std::string strategy = "sm2";
  strategy::Options options;
  Budget budget;
  EnergySettings energy;
  runner::Limits limits;
};

// Higher is better, whatever the goal: the metric as strategies see it.
double oriented(const Metric& metric, double value);

}  // namespace sm2::config
