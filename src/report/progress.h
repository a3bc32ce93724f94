// What is shown while a study is tuned: a line for every event worth one, and on a terminal a few lines below them that say
// how it stands, drawn anew in place at most ten times a second. Elsewhere, as in a log, a line now and then says the same.
//
// Pure: it returns the bytes to write, and nothing here writes or asks the time. Feed it every event, in order, with the
// state after it. The spec must outlive it.
//
// The terminal is left as it is: the cursor stays visible, below what is drawn, and no mode is changed. Whenever sm2 ends, kill
// -9 included, a prompt begins on a line of its own. Where only figures changed they are drawn over, and nothing is cleared.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/spec.h"
#include "journal/state.h"
#include "report/narrative.h"
#include "report/power.h"
#include "report/standing.h"

namespace sm2::report {

struct Screen {               // what the output is
  bool terminal = false;      // else: plain lines, for a log
  bool colour = false;        // only with `terminal`
  std::size_t columns = 100;  // of the terminal
  std::size_t rows = 24;
};

class Progress {
 public:
  // `live`: but for its watts, which are known here.
  Progress(const config::Spec& spec, Screen screen, Live live = {})
      : spec_(&spec), narrative_(spec), screen_(screen), live_(live) {}

  void resize(const Screen& screen);  // before the next render()
  std::string render(const trial::Event& event, const journal::StudyState& after);
  std::string clear();  // takes what stands away, before something else is written and at the end
  void leave();         // what stands stays where it is: others have written below it

 private:
  std::string log(const std::vector<Line>& lines, const trial::Event& event,
                  const journal::StudyState& after);
  std::string draw(const journal::StudyState& after);
  std::string above() const;

  const config::Spec* spec_;
  Narrative narrative_;
  Screen screen_;
  Live live_;
  Power power_;
  std::string standing_;               // the lines that say how it stands
  std::vector<std::size_t> widths_;    // their columns
  bool shown_ = false;                 // they are on the screen
  std::optional<base::Seconds> made_;  // when they were, in the events' time; of a log, when it said so last
};

}  // namespace sm2::report
