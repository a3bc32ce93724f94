// The front of metric and energy: the finished trials of a study that no other finished trial betters on one without
// losing on the other. Dropped trials are no part of it: they were trained for less. Trials whose energy is unknown
// cannot be placed; they are named.
//
// Hypervolume: in units of the metric times joules, above the reference point of the worst metric and the most energy
// among those placed (objective/hypervolume.h). A trial at the reference adds nothing to it.
#pragma once

#include <string>
#include <vector>

#include "report/terminal.h"

namespace sm2::report {

struct Front {
  std::vector<trial::TrialId> members;  // the best metric first
  std::size_t placed = 0;               // finished trials with a finite metric and a known energy
  std::vector<trial::TrialId> unknown;  // finished, with a finite metric, but without a known energy
  double reference_metric = 0;          // as the study has it, not oriented
  base::Joules reference_energy;
  double hypervolume = 0;
};

Front front(const Study& study);

std::string front_text(const Study& study);  // empty when no trial can be placed

}  // namespace sm2::report
