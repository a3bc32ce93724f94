// When trainings arrive at their target, and what that costs: the index of Dumitriu, Tetali and Winkler ("On playing golf with
// two balls", 2003) for the choice among trainings of which one has to arrive: the least over horizons h of
// E[min(T, h)] / P(T <= h), in units of resource. It counts that a training may never arrive.
#pragma once

#include <array>
#include <cstddef>

namespace sm2::objective {

class Arrival {
 public:
  // With the probability `weight` it arrives after so many more units. What is never added never arrives.
  void add(double units, double weight);
  // Infinite when nothing can arrive.
  double units_per_success() const;

 private:
  static constexpr std::size_t kHorizons = 80;
  std::array<double, kHorizons> arriving_{};  // weight by horizon
};

}  // namespace sm2::objective
