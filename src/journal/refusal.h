// What a user can ask of a study that a tuner works on (trial/request.h).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "journal/state.h"
#include "trial/request.h"

namespace sm2::journal {

// Why nothing would come of the request, a line for people; nothing: its tuner can carry it out.
std::optional<std::string> refusal(const trial::Request& request, std::string_view study,
                                   const StudyState& state, bool tuner_alive);

}  // namespace sm2::journal
