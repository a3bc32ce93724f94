// Resuming: the journal's events are told to a fresh strategy, whose asks must come out as they did. There is
// no second state file. Evaluations are judged again, too, in the same order.
#pragma once

#include <string>

#include "base/result.h"
#include "journal/journal.h"
#include "journal/state.h"
#include "strategy/strategy.h"
#include "study/comparable.h"
#include "study/verdicts.h"

namespace sm2::study {

// Leaves all that it is given as it was after the last event, and returns the state of the study. Fails when the
// strategy decides otherwise than the journal says, as another version of sm2 may, and on an event that no tuner wrote: of
// an unknown trial, or an evaluation without the study's metric.
base::Result<journal::StudyState> replay(const journal::Journal& journal, strategy::Strategy& strategy,
                                         Comparable& comparable, Verdicts& verdicts,
                                         const std::string& metric);

}  // namespace sm2::study
