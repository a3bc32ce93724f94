// Something that must be looked at between readings, such as a power that is integrated.
#pragma once

#include "base/quantity.h"

namespace sm2::meter {

class Sampled {
 public:
  virtual ~Sampled() = default;
  // Takes one sample; says in how long the next one is wanted. May be called from any thread.
  virtual base::Seconds sample() = 0;
};

}  // namespace sm2::meter
