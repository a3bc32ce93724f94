// The settings that a search with a forecast considers: batch sizes times learning rates times all or some of the rest.
#pragma once

#include <vector>

#include "space/space.h"
#include "strategy/strategy.h"

namespace sm2::strategy {

// All of a finite space of at most 400; else up to 10 batch sizes and 16 learning rates, evenly on their scales, times as
// many samples of the other parameters as make 400 of them, at least two. With options.candidates as many random ones.
// Empty where a setting has no learning_rate above 0, or a batch_size that is none: there is nothing to forecast by.
std::vector<space::Configuration> setting_grid(const space::Space& space, const Options& options);

}  // namespace sm2::strategy
