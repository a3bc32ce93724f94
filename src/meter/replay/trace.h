// A recorded power over time, exactly: between two rows the power is linear (rows of watts) or the energy is (rows of a
// counter's joules). Pure. Rows are in order of time; looking one up takes O(log n).
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "base/quantity.h"

namespace sm2::meter::replay {

class Trace {
 public:
  struct Power {
    base::Seconds at;
    base::Watts watts;
  };
  struct Counted {
    base::Seconds at;
    base::Joules joules;
  };

  // At least two rows, times grow, watts are not negative.
  explicit Trace(std::span<const Power> rows);
  // As above; joules do not shrink.
  explicit Trace(std::span<const Counted> rows);

  base::Seconds begin() const { return knots_.front().at; }
  base::Seconds end() const { return knots_.back().at; }
  std::size_t rows() const { return knots_.size(); }

  // Nothing outside of the recording.
  std::optional<base::Watts> power(base::Seconds at) const;
  std::optional<base::Joules> joules(base::Seconds from, base::Seconds to) const;

 private:
  struct Knot {
    base::Seconds at;
    base::Joules before;  // energy since the first row
    base::Watts first,
        slope;  // the power from here to the next knot: at its begin, and what it gains until its end
  };

  // The stretch that `at` lies in, or nothing.
  const Knot* stretch(base::Seconds at) const;
  std::optional<base::Joules> since_begin(base::Seconds at) const;

  std::vector<Knot> knots_;
};

}  // namespace sm2::meter::replay
