// Energy by the kernel's hardware monitors (/sys/class/hwmon): GPUs of AMD and Intel, NVIDIA's Grace, Jetson boards,
// power supplies. Where a chip counts energy it is a counter; else its power is sampled and integrated: powerN_average
// is a mean over powerN_average_interval (where the driver does not say, over at most 1 s: our assumption) and covers all
// of the time; powerN_input and rails are of the moment.
//
// A channel inside another one that was found is shown and not added, and so is a second driver's view of the same part
// ("overlaps socket-0"). When a channel that is added cannot be read, none of its driver's for that part are: a sum
// without it would be too low. What an unknown driver measures is not guessed; it is listed.
#pragma once

#include <string>

#include "base/clock.h"
#include "meter/discovery.h"
#include "meter/settings.h"

namespace sm2::meter::hwmon {

Discovery discover(const Settings& settings, const std::string& argument, const base::Clock& clock);

}  // namespace sm2::meter::hwmon
