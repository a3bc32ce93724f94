// What holds between the events of any study that sm2 has written, whatever became of its tuners.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "trial/event.h"

namespace sm2::journal {

struct Breach {
  std::size_t event = 0;  // its number, from 1
  std::string what;
};

// By growing number of the event; empty: none. At most one for an event.
std::vector<Breach> breaches(const std::vector<trial::Event>& events);

}  // namespace sm2::journal
