// How a study has gone: the best metric so far against the energy and the time that all of the study had taken by then, and
// that energy against time. Feed it every event, in order, with the state after it. Memory does not grow with the study.
#pragma once

#include <optional>
#include <vector>

#include "config/spec.h"
#include "journal/state.h"
#include "report/thinned.h"

namespace sm2::report {

class Course {
 public:
  struct Spent {           // by the whole study
    base::Seconds active;  // time that tuners had worked on it
    base::Joules joules;   // as far as it is known
    bool operator==(const Spent&) const = default;
  };
  struct Best {
    Spent spent;
    double metric = 0;
    trial::TrialId trial = 0;
    bool operator==(const Best&) const = default;
  };

  void tell(const trial::Event& event, const config::Metric& metric, const journal::StudyState& after);

  std::vector<Best> best() const { return best_.points(); }  // each better than the one before
  std::vector<Spent> spent() const { return spent_.points(); }

 private:
  Thinned<Best> best_;
  Thinned<Spent> spent_;
  std::optional<double> oriented_;  // the best so far, higher is better
  std::optional<Spent> last_;
};

}  // namespace sm2::report
