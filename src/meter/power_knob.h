// The power limit of the devices that are metered, as something to turn: one limit for all of them.
#pragma once

#include <vector>

#include "base/quantity.h"
#include "base/result.h"

namespace sm2::meter {

class PowerKnob {
 public:
  virtual ~PowerKnob() = default;  // restores
  // That are worth trying, ascending; the last one is as the devices were found.
  virtual std::vector<base::Watts> limits() const = 0;
  // Fails when a device refuses; then all of them are as they were found.
  virtual base::Result<> set(base::Watts limit) = 0;
  virtual void restore() = 0;  // as they were found
};

}  // namespace sm2::meter
