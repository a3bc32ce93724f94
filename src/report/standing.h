// How a running study stands, for whoever watches it: trials, energy with where it comes from, the best so far, and what is
// ahead. Pure; a pass over all trials.
#pragma once

#include <string>
#include <vector>

#include "report/ahead.h"

namespace sm2::report {

// One line, without colour or end:
// "2 finished, 1 running, 3 dropped | rung 1 | 4 min 02 s | 1.20 kJ +- 0.60 (cpu-model, modelled) | 23.1 W now | ..."
std::string status(const config::Spec& spec, const journal::StudyState& state, const Live& live);

// The same by subject, "trials", "running", "energy", "best" and "ahead" before it, in lines of at most `width` columns; each
// subject has at most two, and there are at most `most`. The least telling ones are left out.
struct StandingLine {
  std::string label, text;  // `label` is padded; both printable
};
std::vector<StandingLine> standing(const config::Spec& spec, const journal::StudyState& state,
                                   const Live& live, std::size_t width, std::size_t most);

}  // namespace sm2::report
