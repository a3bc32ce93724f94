// A study as its file describes it, checked: plain structs, one per table of the file. Defaults are the ones
// documented in docs/study-file.md. The text of the file is kept with it, because the journal stores that.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/quantity.h"
#include "footprint/footprint.h"
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
  std::optional<double> carbon;         // grams of CO2 equivalent; only with a grid
  std::optional<footprint::Cost> cost;  // only with a price in the same currency
  bool operator==(const Budget&) const = default;
};

struct EnergySettings {
  std::vector<std::string> sources = {"auto"};
  std::optional<base::Watts> idle;  // per logical processor, of the cpu-model source
  std::optional<base::Watts> busy;  // likewise, fully used
  std::optional<std::string>
      grid;  // as written: a country, a figure, or "command:" and a command line; see grid_command()
  std::optional<footprint::Price> price;
  std::optional<base::Seconds> idle_for;          // how long to measure idle before the study
  std::map<std::string, base::Watts> idle_watts;  // by domain, as the user states it
  std::optional<base::Watts> power_limit;         // of every GPU that the study uses
  bool operator==(const EnergySettings&) const = default;
};

struct TrialLimits {  // of one trial, all its processes together; absent: no limit
  std::optional<base::Joules> energy;
  std::optional<base::Seconds> time;
  bool operator==(const TrialLimits&) const = default;
};

struct Slurm {  // how its workers are asked for, a job each
  int workers = 1;
  int places = 1;  // of each
  std::optional<std::string> partition, account;
  std::optional<int> gpus, cpus;
  std::optional<std::size_t> memory;  // bytes, of each
  std::optional<base::Seconds> time;  // that a job may take
  std::vector<std::string> options;   // more of sbatch's, each "--name" or "--name=value"
};

struct DeviceSettings {
  std::optional<int> gpus;       // of each trial; absent: a trial may use all that the study may
  std::vector<std::string> use;  // that the study may use, as written; empty: all that are visible
  bool share = false;            // trials at a time may have the same
  bool operator==(const DeviceSettings&) const = default;
};

struct Spec {
  std::string text;  // of the file
  // Lines of what only the machine can tell to be wrong.
  unsigned command_line = 1, directory_line = 1, sources_line = 1, grid_line = 1, idle_line = 1,
           power_limit_line = 1, warm_start_line = 1, gpus_line = 1, use_line = 1;

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
  DeviceSettings devices;
  runner::Limits limits;
  TrialLimits trial_limits;
  Slurm slurm;
  std::vector<std::string> warm_start;  // of the same store, or config/past_file.h
};

// Higher is better, whatever the goal: the metric as strategies see it.
double oriented(const Metric& metric, double value);

// Whether a value of the metric is as good as its target; never where there is none.
bool reaches_target(const Metric& metric, double value);

// The program that says the grid intensity at the start of a session, and its arguments; empty where the grid is no
// command.
std::vector<std::string> grid_command(std::string_view grid);

}  // namespace sm2::config
