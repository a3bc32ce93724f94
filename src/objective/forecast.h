// How long a training needs to reach a target, from what it and its like with other batch sizes have shown. An ensemble of
// worlds is drawn once from broad priors, each a set of learning curves over the batch sizes b, x = log2 b:
//
//   y_b(t) = A_b (1 - (1 + t / u_b)^-g)          progress: 0 at the start, 1 at the target (a shifted power law)
//   log2 u_b = log2 u + sl max(0, x - xl) + ss max(0, xs - x)     slower beyond xl (the critical batch size,
//   A_b      = A      - ql max(0, x - xl) - qs max(0, xs - x)     arXiv 1812.06162) and below xs; never there where A_b <= 1
//
// and weighted by how well it explains every metric seen (Gaussian, tempered) and every run that has not arrived yet. The
// metric at t = 0 is not known: each world takes it from the first metric seen, under a heavy-tailed prior (a quality starts
// near 0, a loss at a multiple of its target).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace sm2::objective {

class Forecast {
 public:
  // `batch_sizes` ascending and positive. `target` as users write it, and whether lower is better. `most`: units of
  // resource that a training may take.
  Forecast(const std::vector<double>& batch_sizes, double target, bool minimized, double most,
           std::uint64_t seed);

  // A run of batch size number `arm` showed `metric` (as users write it) after `resource` units; each run's in order.
  void observe(std::size_t arm, double resource, double metric);
  // A run has been trained for `resource` units without reaching the target, where there were `before` when this was last said.
  void outlasted(std::size_t arm, double before, double resource);

  // The trainings' gradient noise scale in samples, as it was reported: where larger batches begin to need more units. To be
  // said once.
  void critical_batch_size(double samples);

  // Units of resource that a run needs on average, per success, after `done` units (Arrival); infinite when no world lets it
  // arrive.
  double units_to_target(std::size_t arm, double done) const;

 private:
  struct Curve {
    double asymptote = 0, scale = 0, units = 0;  // A_b, u_b, and units to the target (infinite: never)
  };

  double progress(std::size_t world, std::size_t arm, double resource) const;
  void calibrate(std::size_t arm, double resource, double metric);
  const std::vector<double>& weights() const;

  double target_;
  bool minimized_;
  std::size_t arms_;
  std::vector<Curve> curves_;     // by world, then arm
  std::vector<double> exponent_;  // g, by world
  std::vector<double> knee_;      // xl, by world
  std::vector<double> start_;     // metric at t = 0, by world
  std::vector<double> log_weight_;
  bool calibrated_ = false;
  mutable std::vector<double> weights_;  // of log_weight_, normalised; empty when they have to be made anew
};

}  // namespace sm2::objective
