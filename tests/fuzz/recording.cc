#include "meter/replay/recording.h"

#include <cmath>

#include "tests/fuzz/checks.h"

namespace sm2::fuzz {

void recording(std::string_view input) {
  using base::Joules;
  const auto all = meter::replay::parse(input, "trace.csv");
  if (!all) return check_error_in(all.error(), "trace.csv", input);
  for (const meter::replay::Recorded& one : *all) {
    const meter::replay::Trace& trace = one.trace;
    const base::Seconds middle = trace.begin() + 0.5 * (trace.end() - trace.begin());
    const auto before = trace.joules(trace.begin(), middle), after = trace.joules(middle, trace.end());
    const auto whole = trace.joules(trace.begin(), trace.end());
    require(before && after && whole, "energy within a recording is known");
    require(std::isfinite(whole->value) && *whole >= Joules(0), "energy is finite and not negative");
    const double slack = 1e-6 * whole->value + 1e-9;
    require(std::abs((*before + *after - *whole).value) <= slack, "energies of parts add up");
    const auto power = trace.power(middle);
    require(power && std::isfinite(power->value) && *power >= base::Watts(0),
            "power is finite and not negative");
  }
}

}  // namespace sm2::fuzz
