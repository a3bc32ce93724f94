// What a user can ask of a study that a tuner works on (trial/request.h).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "journal/state.h"
#include "trial/request.h"

namespace sm2::study {

// Why nothing would come of the request, a line for people; nothing: its tuner can carry it out.
std::optional<std::string> refusal(const trial::Request& request, std::string_view study,
                                   const journal::StudyState& state, bool tuner_alive);

}  // namespace sm2::study
