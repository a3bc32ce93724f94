// Energy as strategies compare it. Where a study's trials run on one kind of hardware that is the energy that was read. Where
// they run on several, they are told what the same training would have taken on the first kind (objective/hardware_costs.h),
// as one reading whose noise holds what is not known of the hardware. Joules that are stored, shown and budgeted stay those
// that were read.
//
// All of it follows from the events in their order, so that a study that is resumed tells its strategy the same. Energy that
// a strategy is told of a trial never grows less.
#pragma once

#include <optional>
#include <vector>

#include "journal/by_id.h"
#include "journal/state.h"
#include "objective/hardware_costs.h"
#include "trial/event.h"

namespace sm2::study {

class Comparable {
 public:
  // Once for each event, in order. `after` is the state with the event in it.
  void see(const trial::EventBody& event, const journal::StudyState& after);

  // The trial's stretch, up to the event that was seen last, as a strategy is told of it.
  trial::Stretch told(trial::TrialId trial, trial::Stretch stretch);

 private:
  struct Account {               // of a trial
    int hardware = 0;            // that it runs on
    std::vector<double> used;    // joules until its last process ended, by hardware
    double read = 0;             // all of them
    double told = 0;             // the most that was told
    double from = 0;             // resource, where its process began
    std::optional<double> rate;  // joules per unit of training, of the last process that showed it
    int rated_on = 0;            // hardware
    bool by_sample = false;      // the unit: a sample, else one of the study's resource
  };
  struct Compared {  // joules on the first kind of hardware
    double joules = 0;
    double deviation = 0;
  };

  // `running`: joules of the process that runs.
  Compared compared(const Account& account, double running) const;
  void learn(Account& account, const trial::Stretch& stretch, double joules);

  journal::ById<Account> accounts_;
  objective::HardwareCosts costs_;
  bool several_ = false;  // kinds of hardware
};

}  // namespace sm2::study
