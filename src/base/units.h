// Quantities as people write and read them: "500 Wh", "90 min", "12.4 kJ". Parsing is strict: a number, a
// space or none, and a known unit; anything else is an error that lists the units. Numbers use a decimal
// point in any locale.
#pragma once

#include <string>
#include <string_view>

#include "base/quantity.h"
#include "base/result.h"

namespace sm2::base {

Result<Joules> parse_energy(std::string_view text);     // mJ, J, kJ, MJ, Wh, kWh, MWh
Result<Seconds> parse_duration(std::string_view text);  // ms, s, min, h, d
Result<Watts> parse_power(std::string_view text);       // mW, W, kW
Result<std::size_t> parse_size(std::string_view text);  // of bytes: B, kB, MB, GB, KiB, MiB, GiB

std::string format(Joules energy);     // "35.8 mJ", "12.4 J", "3.21 kJ", "1.20 MJ"
std::string format(Seconds duration);  // "0.42 s", "12.3 s", "4 min 05 s", "2 h 03 min"
std::string format(Watts power);       // "3.5 W"

}  // namespace sm2::base
