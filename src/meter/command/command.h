// The source "command": a program of the user's that reads a smart plug, a PDU, a BMC (program_meter.h). It stands for
// the whole node. What it is worth is not known; 5 % is assumed.
//
// A power is taken to be of a moment while the program ran; it then rests for 1 s, or twice as long as it took if that
// is more. A counter of energy is read when somebody wants to know, with 100 ms of rest or as much as it took; it is
// taken to be up to 1 s late, and as fine as the digits that are printed. Running backwards is a reset, and the energy
// unknown.
#pragma once

#include <string>

#include "base/clock.h"
#include "meter/discovery.h"
#include "meter/settings.h"

namespace sm2::meter::command {

// `argument` is the program and its arguments, as one line (base::split_words). Runs it once, for at most 5 s.
Discovery discover(const Settings& settings, const std::string& argument, const base::Clock& clock);

}  // namespace sm2::meter::command
