// A random study for the crash tests: its file, its programs, and how many of them run at a time. The same strategy and seed make
// the same study. Programs are deterministic: what one does follows from its configuration and where it stands.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "testing/fake_runner.h"

namespace sm2::testing {

struct CrashScenario {
  std::string file;  // of the study
  FakeProgram program;
  int workers = 1;
  bool warm = false;               // there is an earlier study, named "earlier"
  bool loses_checkpoints = false;  // of a machine that lost power, nothing may be left but the journal
  bool decides_by_metric = false;  // alone: joules and seconds that a crash spends again change nothing
  bool limited = false;        // by a budget or a limit of joules or seconds, which is looked at now and then
  bool order_matters = false;  // in which several programs that run at once report

  std::string describe() const;
};

CrashScenario crash_scenario(const std::string& strategy, std::uint64_t seed);
// The plainest study of a strategy, small enough to die at every moment of it.
CrashScenario small_crash_scenario(const std::string& strategy, std::optional<double> target);

}  // namespace sm2::testing
