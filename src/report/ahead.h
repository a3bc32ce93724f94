// What a running study still needs, where that follows from what it has shown, with the words that say from what. Nothing is
// said where it would be a guess: strategies that drop and promote decide on the way how much is to come.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/spec.h"
#include "journal/state.h"

namespace sm2::report {

struct Live {                            // what the state of a study does not tell
  std::optional<base::Watts> watts;      // of late
  std::optional<std::size_t> trainings;  // that the strategy wants, each to the end, where that is certain
  std::size_t places = 1;                // trials at a time
};

// "11 of 16 trainings to the end: 9.9 kJ to 15.4 kJ and 10 min 00 s to 12 min 00 s, as the 5 finished ones took"
// "trial 3 to 8 epochs: about 4.20 kJ and 2 min 10 s, as its 3 epochs took"
// "the energy budget lasts 3 min 20 s at this power"
// Most telling first; empty where there is nothing to say.
std::vector<std::string> ahead(const config::Spec& spec, const journal::StudyState& state, const Live& live);

}  // namespace sm2::report
