// One power limit for all of a meter's NVIDIA GPUs (power_limit.h), and what the commands do first: undo what a killed
// one left over.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "meter/domain.h"
#include "meter/nvml/power_limit.h"
#include "meter/settings.h"

namespace sm2::meter::nvml {

// Of every GPU among `domains`. Fails when there is none, or when one of them refuses; the others are then put back.
base::Result<std::vector<PowerLimit>> limit_all(const Settings& settings,
                                                const std::vector<DomainInfo>& domains, base::Watts limit,
                                                const base::Clock& clock);

// See undo_left_over of power_limit.h. Costs no more than a look into a folder where nothing is left over.
std::vector<std::string> undo_left_over(const Settings& settings, const base::Clock& clock);

}  // namespace sm2::meter::nvml
