// What holds between the events of any study that sm2 has written, whatever became of its tuners.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "journal/state.h"

namespace sm2::journal {

struct Breach {
  std::size_t event = 0;  // its number, from 1
  std::string what;
};

// Of one study, whose events it is shown in order; it keeps none of them.
class Inspection {
 public:
  std::optional<Breach> next(const trial::Event& event);
  const StudyState& state() const { return state_; }  // after the events so far

 private:
  StudyState state_;
};

}  // namespace sm2::journal
