// Energy of processor packages and their DRAM as the processor itself counts it (Intel's and AMD's RAPL), through
// powercap where that can be read, else through perf events. It counts the whole host: other programs' energy is in it.
//
// A domain whose `inside` is not empty is shown and never added: core and uncore are inside their package; psys beside
// packages "overlaps package-0", for it contains them and more.
//
// Plausible powers, which tell a wrap from a reset (wrapping_counter.h): 1000 W a package and what is in it, 500 W a
// socket's DRAM, 4000 W a platform. Stated errors: 5 % package, core and uncore; 20 % DRAM, psys, and everything on
// AMD (docs/energy.md). Counters are stepped every 1 ms.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "meter/discovery.h"
#include "meter/rapl/counters.h"
#include "meter/rapl/perf_event.h"
#include "meter/settings.h"

namespace sm2::meter::rapl {

inline constexpr base::Seconds kUpdate{0.001};

Discovery discover(const Settings& settings, const std::string& argument, const base::Clock& clock);
Discovery discover(const Settings& settings, const base::Clock& clock, const OpenEvent& open);

base::Watts highest_power(Kind kind);
double relative_error(Kind kind, std::string_view vendor);

}  // namespace sm2::meter::rapl
