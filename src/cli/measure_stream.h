// Power while a command runs, from readings of one window: what `--interval` prints. Pure.
//
// The power of an interval is the difference of two readings over its length. An interval shorter than two updates of
// a domain cannot resolve it, and says so, unless its readings have no noise (a recording); so does one in which a sensor's
// lag makes the difference negative.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/quantity.h"
#include "meter/domain.h"
#include "trial/energy.h"

namespace sm2::cli {

struct DomainPower {
  std::string name;
  bool counted = true;
  std::optional<base::Watts> watts;
  bool too_short = false;  // the interval, to tell them
  std::string why;         // there are no watts
};

struct Tick {
  base::Seconds at;                    // since the command began
  std::optional<base::Watts> watts;    // over the interval that ends here
  std::optional<base::Joules> joules;  // since the command began
  std::string why;                     // there are no watts
  std::vector<DomainPower> domains;
};

class PowerStream {
 public:
  explicit PowerStream(const std::vector<meter::DomainInfo>& domains);

  // `since_start` is what the window read at `at`; the first interval begins at 0.
  Tick next(base::Seconds at, const trial::Energy& since_start);

 private:
  bool unresolved(const trial::Reading& reading, base::Seconds elapsed) const;
  DomainPower power(const trial::Reading& reading, base::Seconds elapsed) const;

  std::map<std::string, base::Seconds> resolution_;  // by domain
  base::Seconds last_at_;
  std::map<std::string, std::optional<base::Joules>> last_;
};

struct RunName {     // in a series
  std::string side;  // "A" or "B" of a comparison, else empty
  std::size_t run = 0;
};

std::string text(const Tick& tick);  // "  12.0 s   187 W  (gpu-0 120 W, package-0 67 W)"
std::string json(const Tick& tick, const std::optional<RunName>& name);

}  // namespace sm2::cli
