// The source "replay": recorded energy (recording.h) instead of a meter's, for tests and comparisons. The recording's
// time 0 is the moment of discovery; before its first row and after its last one readings are unknown. The figures are
// exact for the recording; what the recording itself is worth is not known here.
#pragma once

#include <string>

#include "base/clock.h"
#include "meter/discovery.h"
#include "meter/settings.h"

namespace sm2::meter::replay {

// `argument` is the file.
Discovery discover(const Settings& settings, const std::string& argument, const base::Clock& clock);

}  // namespace sm2::meter::replay
