// What a source found on this machine: domains that can be read, and what cannot with the reason and the remedy.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "meter/domain.h"

namespace sm2::meter {

struct Unusable {
  std::string reason;
  std::string remedy;    // the exact command where there is one
  bool present = false;  // the hardware is there, and its joules are missing from the sum
};

struct Discovery {
  std::vector<std::unique_ptr<Domain>> domains;
  std::vector<Unusable> unusable;  // not empty where there are no domains
};

}  // namespace sm2::meter
