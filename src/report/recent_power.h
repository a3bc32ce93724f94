// The power of a study's trials of late, from the energy that its events tell of: the energy that arrived over the last few
// seconds, divided by that time. It is as sure as the energy is. Nothing is known before the window is a second long, where a
// trial's energy is unknown, and where nothing runs.
#pragma once

#include <deque>
#include <optional>

#include "journal/state.h"

namespace sm2::report {

class RecentPower {
 public:
  void note(const trial::Event& event, const journal::StudyState& after);
  std::optional<base::Watts> watts() const;

 private:
  struct Mark {
    base::Seconds time;
    base::Joules spent;  // in the study
  };
  std::deque<Mark> marks_;
  bool known_ = true;
};

}  // namespace sm2::report
