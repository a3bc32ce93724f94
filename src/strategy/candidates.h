// Which configurations a strategy starts from.
#pragma once

#include <vector>

#include "base/result.h"
#include "space/space.h"
#include "strategy/strategy.h"

namespace sm2::strategy {

inline constexpr const char* kBatchSize = "batch_size";
inline constexpr const char* kLearningRate = "learning_rate";

// Nothing where there is none, or it is not a number.
std::optional<double> batch_size(const space::Configuration& configuration);

// `count` different configurations, fewer where the space has no more; all of a finite space no larger than
// `count`. Where batch_size has few enough values, they take turns, so that each is tried about as often; the
// rest is random.
std::vector<space::Configuration> draw_candidates(const space::Space& space, int count, std::uint64_t seed);

// For strategies with rungs: options.candidates of them, or 16, or as many as batch_size has values if those
// are more. With options.cycle_learning_rate they have no learning rate of their own: it is searched during
// training.
std::vector<space::Configuration> rung_candidates(const space::Space& space, const Options& options);

// Fails when options.cycle_learning_rate asks for what the space does not have: a real parameter
// learning_rate, on a log scale or above zero, without a condition.
base::Result<> check_cycle(const space::Space& space, const Options& options);

}  // namespace sm2::strategy
