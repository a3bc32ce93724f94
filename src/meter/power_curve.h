// What a logical processor draws idle and fully used, with where that is from and how far off it may be.
//
// Defaults are Cloud Carbon Footprint's usage coefficients: the wall power of whole servers in
// SPECpower_ssj2008, at active idle and at 100 % load, divided by their hardware threads, averaged over a
// generation. They therefore include a share of memory, fans and power supply.
// https://github.com/cloud-carbon-footprint/ccf-coefficients
#pragma once

#include <optional>
#include <string>

#include "base/quantity.h"
#include "base/result.h"
#include "meter/processor.h"

namespace sm2::meter {

struct PowerCurve {
  base::Watts idle, busy;     // per logical processor
  base::Watts package;        // of all of them together, while at least one works; 0 where not known
  double relative_error = 0;  // of gross energy, a stated bound
  std::string origin;
  bool operator==(const PowerCurve&) const = default;
};

// The user's watts where given, else the generation's, else the average. Fails when they make no sense.
base::Result<PowerCurve> power_curve(const Processor& processor, std::optional<base::Watts> idle,
                                     std::optional<base::Watts> busy);

}  // namespace sm2::meter
