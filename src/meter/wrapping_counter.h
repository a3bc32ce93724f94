// Turns raw readings of a counter that starts again at 0 after `highest` into a growing total.
//
// One counter cannot tell a wrap from a reset, nor one wrap from two. Both are bounded by plausibility: since
// the last reading the counter can have grown by at most per_second * (elapsed + lag). Where that is more
// than the counter's range, several totals are possible; where the growth seen is more than that, the counter
// was reset or lies. Either way the total is unknown from then on. What stays undetected is a reset that
// looks like plausible growth: its error is at most per_second * (elapsed + lag), once.
//
// A reading that fails is simply not passed on: the next one bridges the gap, or is refused by the same rule.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/quantity.h"
#include "base/result.h"

namespace sm2::meter {

class WrappingCounter {
 public:
  struct Limits {
    std::uint64_t highest = 0;  // the counter counts 0 .. highest, then 0 again
    double per_second = 0;      // the fastest it can plausibly count
    base::Seconds lag;          // how late its value may be
  };

  explicit WrappingCounter(Limits limits) : limits_(limits) {}

  // The growth since the first reading, or why it is not known. `now` is monotonic.
  base::Result<std::uint64_t> advance(std::uint64_t raw, base::Seconds now);

  // Readings must be closer together than this.
  base::Seconds read_within() const;

 private:
  base::Result<std::uint64_t> growth(std::uint64_t raw, base::Seconds elapsed) const;

  struct Reading {
    std::uint64_t raw = 0;
    base::Seconds at;
  };

  Limits limits_;
  std::optional<Reading> last_;
  std::uint64_t total_ = 0;
  std::optional<base::Error> lost_;  // why the total can no longer be known
};

}  // namespace sm2::meter
