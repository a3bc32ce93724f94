// How many joules the same training takes on one kind of hardware for each joule on another, learnt while trials run: from
// trials that ran on both kinds, above all, and a little from what different trials took.
//
// The logarithm of a trial's joules per unit of training is taken for mean + cost of the hardware + the trial's own deviation
// + noise, all normal: Bayesian linear regression with the standard deviations below, of natural logarithms. A trial that
// moved tells the difference of two costs without its deviation. Time and memory grow with the kinds, not with the trials.
#pragma once

#include <vector>

namespace sm2::objective {

class HardwareCosts {
 public:
  static constexpr double kBetweenHardware = 1;  // costs of kinds that nothing is known of
  static constexpr double kBetweenTrials = 1;    // trials of one study on the same hardware
  static constexpr double kNoise = 0.1;          // one trial, trained again
  static constexpr double kMeanPrecision =
      1e-6;  // next to nothing is known of the mean before the first trial

  // Kinds are numbered 0, 1, 2, ...; the first is what the others are compared with.
  struct Cost {
    double ratio = 1;      // joules on it for one on the first kind; > 0
    double deviation = 0;  // standard deviation of the ratio's logarithm; 0 for the first kind
  };
  Cost of(int hardware) const;

  // A trial's first training, on `hardware`: joules per unit, > 0.
  void observe(int hardware, double joules);
  // The same trial took `joules_before` per unit on `before`, and now `joules` on `now`, another kind.
  void observe_move(int before, double joules_before, int now, double joules);

 private:
  struct Sign {  // of what takes part in an observation
    int of = 0;
    double sign = 1;
  };
  void add(const std::vector<Sign>& sum, double value, double variance);

  // Of the mean, which is number 0, and of the costs of kinds 1, 2, ...
  std::vector<std::vector<double>> precision_ = {{kMeanPrecision}};
  std::vector<double> weighted_ = {0};  // precision times their expectation
};

}  // namespace sm2::objective
