// Learning-rate stability of a stretch of training, from its step reports, in constant memory. Not for
// several threads.
//
//   smoothed loss   exponential average, weight 0.1 for the newest, corrected for its start
//   stable step     smoothed loss at most 1.1 times its running minimum so far (at most 0.1 |minimum| above
//                   it); a loss that is not finite is never stable
//   S               share of stable steps
//   stable rates    the widest run of learning rates, on a log scale cut in 24, in which, while the rate
//                   rose, nine steps in ten were stable against the minimum since it began to rise, and the
//                   smoothed loss did not rise by more than 2 % of its minimum; falling rates tell of the
//                   recovery from the highest. A rate that was not tried counts as stable: bounds narrow
//                   on evidence only; a loss that was not finite is evidence against all rates above it
//
// S and the narrowing of the bounds follow the learning-rate range test (Smith, arXiv 1506.01186).
#pragma once

#include <array>
#include <optional>

#include "trial/report.h"
#include "trial/schedule.h"

namespace sm2::objective {

class Stability {
 public:
  // `cycle`: the bounds within which the learning rate runs; absent when it does not.
  explicit Stability(std::optional<trial::RateBounds> cycle);

  void add(double loss, std::optional<double> learning_rate);

  std::optional<double> share() const;          // S; nothing before the tenth step
  std::optional<double> smoothed_loss() const;  // nothing before the first finite loss
  std::optional<trial::RateBounds> stable_rates()
      const;  // nothing without a cycle, before ten rising steps, or when no run spans a factor of 3

 private:
  static constexpr int kBins = 24;
  struct Bin {
    int steps = 0;
    int stable = 0;
    double change = 0;  // of the smoothed loss, summed
  };

  static bool stable(double loss, double minimum);
  void add_rising(double learning_rate, std::optional<double> before, std::optional<double> now);
  int bin_of(double learning_rate) const;
  bool good(int bin) const;

  std::optional<trial::RateBounds> cycle_;
  std::array<Bin, kBins> bins_;
  double average_ = 0, weight_ = 0;  // the exponential average before correction, and its correction
  std::optional<double> minimum_;
  std::optional<double> rate_;           // of the last step
  std::optional<double> sweep_minimum_;  // since the rate began to rise; absent while it falls
  int lost_ = kBins;                     // the lowest bin in which a loss was not finite while the rate rose
  long steps_ = 0, stable_ = 0;
};

}  // namespace sm2::objective
