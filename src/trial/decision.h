// What a strategy decides next, as plain data. A decision is journalled before it is carried out.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "base/quantity.h"
#include "space/configuration.h"
#include "trial/schedule.h"

namespace sm2::trial {

using TrialId = int;  // 0, 1, 2, ... in the order of creation

struct Train {  // take `trial` from where it stands to `until`; its first Train creates it
  TrialId trial = 0;
  space::Configuration configuration;
  int rung = 0;
  double until = 0;  // in units of the study's resource, counted from the trial's very beginning
  std::optional<Schedule> schedule;    // absent: the trainer uses its parameters as they are
  std::optional<base::Seconds> probe;  // pause after so much training time, if `until` is not reached before
  std::optional<TrialId> parent = {};  // of a first Train: it goes on from a copy of this trial's checkpoint
  bool tune_power = false;             // the power limit of its devices may be tuned while it trains
  bool operator==(const Train&) const = default;
};

struct Drop {  // never train `trial` again, or at all
  TrialId trial = 0;
  space::Configuration configuration;
  std::string reason;  // in words and numbers, for people
  bool operator==(const Drop&) const = default;
};

struct Wait {  // nothing to decide until something is told
  bool operator==(const Wait&) const = default;
};

struct Finish {
  std::optional<TrialId> winner;  // absent: no trial was usable
  std::string reason;
  bool operator==(const Finish&) const = default;
};

using Decision = std::variant<Train, Drop, Wait, Finish>;

// For people: "batch_size=64 learning_rate=0.001..1 (triangular)": the settings, the learning rate as it is
// followed.
std::string describe(const Train& train);

}  // namespace sm2::trial
