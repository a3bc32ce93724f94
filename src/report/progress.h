// What is shown while a study is tuned: a line for every event worth one, and on a terminal a status line
// that stays at the bottom, made anew by a pass over all trials at most ten times a second. Pure: it returns the bytes to write, and nothing here writes or asks the time.
// Feed it every event, in order, with the state after it. The spec must outlive it.
#pragma once

#include <optional>
#include <string>

#include "config/spec.h"
#include "journal/state.h"
#include "report/narrative.h"

namespace sm2::report {

struct Screen {               // what the output is
  bool terminal = false;      // else: plain lines, for a log
  bool colour = false;        // only with `terminal`
  std::size_t columns = 100;  // of the terminal
};

class Progress {
 public:
  Progress(const config::Spec& spec, Screen screen) : spec_(&spec), narrative_(spec), screen_(screen) {}

  std::string render(const trial::Event& event, const journal::StudyState& after);
  std::string clear();  // takes the status line away, before something else is written and at the end

 private:
  const config::Spec* spec_;
  Narrative narrative_;
  Screen screen_;
  bool status_shown_ = false;
  std::string status_;
  base::Seconds made_;  // when the status was, in the events' time
};

// "2 finished, 1 running, 3 dropped | rung 1 | 1.20 kJ of 1.80 MJ | best 0.83 (trial 3: ...) | 4 min 02 s"
std::string status(const config::Spec& spec, const journal::StudyState& state);

}  // namespace sm2::report
