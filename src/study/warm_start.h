// The options that a study's strategy is made with, where they are more than its file says: the experience of earlier
// studies, and the energy that it may count on. Both are taken when the study begins and kept in its journal; a study
// that goes on is given the same again, whatever has become of the earlier studies and of its budget.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "config/spec.h"
#include "journal/journal.h"
#include "journal/state.h"
#include "strategy/strategy.h"

namespace sm2::study {

using Say = std::function<void(const std::string& line)>;

// `so_far` is the study's state, without an event when it is new; `store` has the earlier studies that spec.warm_start names.
// Trials of theirs that are not in the space are left out. Fails where a study is not in the store, or has another
// metric, goal or unit of resource, and where a file has no trial that fits; `say` is told, a line each, which trials of a file are
// left out.
base::Result<strategy::Options> strategy_options(const config::Spec& spec, const journal::StudyState& so_far,
                                                 journal::Store& store, const Say& say);

}  // namespace sm2::study
