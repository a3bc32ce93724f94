// The power limit that uses the fewest joules per sample, found inside running steps: each limit is tried for a moment
// of real training, from the highest down, for as long as it pays. Joules per sample are a falling, then rising function
// of the limit (less power, but more time at the idle part of it), so the search ends when two limits in a row are
// worse than the best, or `slowdown` is exceeded. (Zeus, NSDI'23, profiles every limit in the same way.)
#pragma once

#include <optional>
#include <vector>

#include "base/quantity.h"

namespace sm2::objective {

class PowerSearch {
 public:
  // `slowdown`: a limit that makes a sample take more than this many times as long as the highest is not chosen.
  explicit PowerSearch(std::vector<base::Watts> limits, std::optional<double> slowdown = {});

  std::optional<base::Watts> next() const;  // the limit to try now; nothing when the search has ended
  void tell(double joules_per_sample, double seconds_per_sample);  // of the limit that next() named
  std::optional<base::Watts> best() const;                         // so far; nothing before the first tell

 private:
  struct Tried {
    base::Watts limit;
    double joules = 0;
    double seconds = 0;
  };

  std::vector<base::Watts> limits_;  // from the highest down
  std::optional<double> slowdown_;
  std::size_t at_ = 0;
  int worse_ = 0;  // in a row
  std::optional<Tried> first_, best_;
};

}  // namespace sm2::objective
