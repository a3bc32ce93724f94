// What a study has learnt, for a later study of the same job: its journal's state as a strategy's experience, and that as
// text, which the later study keeps in its own journal (docs/journal.md).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/spec.h"
#include "journal/state.h"
#include "strategy/experience.h"

namespace sm2::study {

// One for each trial that trained, by number; `spec` is the study's own. Evaluations whose energy is not known or whose
// metric is not finite are left out, and so are trials that began from another's checkpoint: their energy is not all
// that it took to get there. The device is told by the energy sources that the study had.
std::vector<strategy::Experience> experience_of(const journal::StudyState& state, const config::Spec& spec,
                                                int study);

// A JSON array, empty text where there is no experience; and back. Fails on any other text.
std::string encode(const std::vector<strategy::Experience>& experience);
base::Result<std::vector<strategy::Experience>> decode_experience(std::string_view text);

}  // namespace sm2::study
