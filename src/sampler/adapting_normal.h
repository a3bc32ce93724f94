// The search distribution of CMA-ES: N(m, sigma^2 C), its covariance and step size adapted from ranked draws
// (Hansen 2016, arXiv 1604.00772, figure 6, with the defaults of its table 1, negative weights included).
//
// A draw x is what is learnt from; seen(x) is where it is evaluated: the same on a continuous axis, stretched
// around the mean by the margin (sampler/margin.h) on an axis of single values. Ranked members need not be
// draws of the present distribution: long steps are shortened to sqrt(n) + 2n / (n + 2) deviations (Hansen
// 2011, Injecting external solutions into CMA-ES, arXiv 1110.4181). The number of members may differ from
// update to update; weights and rates follow it. Bounds are the caller's concern. Axes are in units
// (space/unit.h).
#pragma once

#include <Eigen/Dense>
#include <vector>

#include "base/random.h"
#include "space/parameter.h"

namespace sm2::sampler {

// Weights and rates of table 1 for `members` in the order of their ranks: the better half positive and of sum
// 1. Only the first `usable` can be positive.
struct Recombination {
  Recombination(std::size_t members, std::size_t usable, double dimensions);

  std::vector<double> weights;
  double mu_effective = 0;
  double c_sigma, d_sigma, c_c, c_one, c_mu;
};

class AdaptingNormal {
 public:
  AdaptingNormal(std::vector<space::Domain> axes, Eigen::VectorXd mean, double sigma);

  Eigen::VectorXd draw(base::Random& random) const;
  Eigen::VectorXd seen(const Eigen::VectorXd& x) const;

  // Members best first; those from `usable` on gave no value. Needs usable >= 1. The margin is 1 / (members
  // n).
  void update(const std::vector<Eigen::VectorXd>& ranked, std::size_t usable);

  // No step of it can matter any more: every continuous axis (every axis, where none is) narrower than 1e-12
  // of the unit, or C's condition above 1e14.
  bool collapsed() const;

 private:
  void decompose();
  void keep_margins(std::size_t members);

  std::vector<space::Domain> axes_;
  Eigen::VectorXd mean_, scale_;  // scale: the margin's
  double sigma_;
  Eigen::MatrixXd covariance_, basis_;            // C = basis deviations^2 basis^T
  Eigen::VectorXd deviations_;                    // square roots of C's eigenvalues
  Eigen::VectorXd sigma_path_, covariance_path_;  // p_sigma, p_c
  double updates_ = 0;
};

}  // namespace sm2::sampler
