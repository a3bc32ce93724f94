// For which hardware a result holds: what takes the fewest joules on one kind of machine need not do so on another.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "journal/state.h"

namespace sm2::report {

// That the trial ran on (meter/hardware.h), each kind once, the last one's last; none where it is not known.
std::vector<std::string> hardware(const journal::StudyState& state, const journal::Trial& trial);

// The kind that the study's trials were compared on, where they ran on several: study/comparable.h.
std::optional<std::string> compared_on(const journal::StudyState& state);

// Which trials ran on a kind: runs of their numbers, from and to; a trial that moved is with each of its kinds.
struct RanOn {
  std::string kind;
  std::size_t trials = 0;
  std::vector<std::pair<trial::TrialId, trial::TrialId>> ranges;
};
std::vector<RanOn> ran_on(const journal::StudyState& state);  // by kind, as in state.hardware

// "EPYC, 64 processors; by rapl"; of a study on several kinds also what candidates were compared on. Empty: not known.
std::string holds_for(const journal::StudyState& state, const journal::Trial& trial);

}  // namespace sm2::report
