// What trials that run draw now: for each the energy between its latest reading and an earlier one, or the launch of its process,
// over the time between them, which is 1 to some seconds. By domain, where readings are by device so is this. Feed it every event,
// in order, with the state after it; memory grows with what runs. What a domain did not tell at both ends is left out, and makes
// the sum one of a part; a trial whose process has ended draws nothing.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "journal/state.h"

namespace sm2::report {

struct Drawn {
  std::string domain, source;
  trial::Quality quality = trial::Quality::kMeasured;
  base::Watts power;
};

class Power {
 public:
  void tell(const trial::Event& event, const journal::StudyState& after);

  struct Now {
    std::vector<Drawn> domains;  // those that are counted, by name; all trials together
    base::Watts total;           // of these
    bool whole = true;           // no domain is left out
    base::Seconds over;          // the longest of the windows
    int trials = 0;              // that it is of
    base::Seconds last_heard;    // Unix time of the latest reading
  };
  Now now() const;                           // takes time that grows with what runs
  std::optional<base::Watts> watts() const;  // the total; none where it is not known, or only a part is

 private:
  struct Reading {
    base::Seconds ran;  // time that the trial had run
    trial::Energy energy;
  };
  void read(trial::TrialId trial, base::Seconds ran, const trial::Energy& energy, base::Seconds time);

  std::map<trial::TrialId, std::deque<Reading>> running_;  // the earliest first
  base::Seconds last_heard_;
};

}  // namespace sm2::report
