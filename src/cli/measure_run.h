// One run of one command in the foreground, metered.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/quantity.h"
#include "cli/measure_signals.h"
#include "cli/measurement.h"
#include "meter/meter.h"

namespace sm2::cli {

struct NotStarted {
  int status = 127;  // as a shell's: 127 not found, 126 cannot be executed
  std::string message;
};

// Called every interval while the command runs, at start + k * interval: what was used up to `at`. What is late is
// skipped, not caught up with.
struct Watch {
  base::Seconds interval;
  std::function<void(base::Seconds at, const trial::Energy& since_start)> tick;
};

// A signal that was kept before the command could get it is passed on to it.
tl::expected<Measurement, NotStarted> run(const std::vector<std::string>& command, meter::Meter& meter,
                                          const base::Clock& clock, const std::optional<Watch>& watch,
                                          const KeptSignals& kept);

// Whether `command` could be started now.
tl::expected<void, NotStarted> check_command(const std::vector<std::string>& command);

}  // namespace sm2::cli
