// What `sm2 list`, `show` and `best` print for people: plain text of at most kWidth columns, except
// a command line, which is never broken. Everything is printable() text; unknown figures say so.
#pragma once

#include <string>
#include <vector>

#include "config/spec.h"
#include "journal/state.h"

namespace sm2::report {

inline constexpr std::size_t kWidth = 100;

struct Study {  // as the store holds it
  std::string name;
  config::Spec spec;
  journal::StudyState state;
  bool tuner_alive = false;
};

std::string list_text(const std::vector<Study>& studies);
std::string show_text(const Study& study);
std::string best_text(const Study& study);  // empty when there is no usable trial

}  // namespace sm2::report
