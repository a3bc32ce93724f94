// The source "slurm": what Slurm accounts for the step of its job that this process runs in (ConsumedEnergyRaw of sstat), on
// clusters that gather energy. It is the energy of a whole node, or of all its processors, as AcctGatherEnergyType has it,
// others' jobs on the node included. sstat is asked at most once a second.
#pragma once

#include <string>

#include "base/clock.h"
#include "meter/discovery.h"
#include "meter/settings.h"

namespace sm2::meter::slurm {

// Asks scontrol what the cluster gathers, and sstat once.
Discovery discover(const Settings& settings, const std::string& argument, const base::Clock& clock);

}  // namespace sm2::meter::slurm
