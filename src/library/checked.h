// The public structs of include/sm2/ as the rooms have them. Every mistake throws sm2::Error with one line.
#pragma once

#include "sm2/tuner.h"
#include "space/space.h"
#include "strategy/strategy.h"

namespace sm2::library {

space::Space checked(const Space& space);
strategy::Options checked(const Settings& settings);

Parameters parameters(const space::Configuration& configuration);

}  // namespace sm2::library
