// What a source can do on this machine, as plain data: for `sm2 devices`, and for errors that say what would
// help.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "base/quantity.h"
#include "trial/energy.h"

namespace sm2::meter {

struct Domain {
  std::string name;
  double relative_error = 0;  // the stated bound for long windows
};

struct Usable {
  std::string description;  // one line: what it counts and what that rests on
  trial::Quality quality = trial::Quality::kMeasured;
  std::vector<Domain> domains;
  base::Seconds resolution;  // its counter's update period
};

struct Unusable {
  std::string reason;
  std::string remedy;  // a command where there is one
};

using Probe = tl::expected<Usable, Unusable>;

}  // namespace sm2::meter
