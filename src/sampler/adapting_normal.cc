#include "sampler/adapting_normal.h"

#include <algorithm>
#include <cmath>

#include "sampler/margin.h"

namespace sm2::sampler {

using Eigen::MatrixXd;
using Eigen::VectorXd;

Recombination::Recombination(std::size_t members, std::size_t usable, double n) {
  const std::size_t parents = std::min(members / 2 + members % 2, usable);
  double positive = 0, positive_squares = 0, negative = 0, negative_squares = 0;
  for (std::size_t rank = 0; rank < members; ++rank) {
    const double raw =
        std::log((static_cast<double>(members) + 1) / 2) - std::log(static_cast<double>(rank) + 1);
    const double weight = rank < parents ? std::max(raw, 1e-9) : std::min(raw, 0.0);
    weights.push_back(weight);
    (rank < parents ? positive : negative) += weight;
    (rank < parents ? positive_squares : negative_squares) += weight * weight;
  }
  mu_effective = positive * positive / positive_squares;
  c_sigma = (mu_effective + 2) / (n + mu_effective + 5);
  d_sigma = 1 + 2 * std::max(0.0, std::sqrt((mu_effective - 1) / (n + 1)) - 1) + c_sigma;
  c_c = (4 + mu_effective / n) / (n + 4 + 2 * mu_effective / n);
  c_one = 2 / ((n + 1.3) * (n + 1.3) + mu_effective);
  c_mu = std::min(1 - c_one,
                  2 * (0.25 + mu_effective + 1 / mu_effective - 2) / ((n + 2) * (n + 2) + mu_effective));

  double negative_sum = 0;
  if (negative < 0 && c_mu > 0) {
    const double mu_negative = negative * negative / negative_squares;
    negative_sum = std::min(
        {1 + c_one / c_mu, 1 + 2 * mu_negative / (mu_effective + 2), (1 - c_one - c_mu) / (n * c_mu)});
  }
  for (std::size_t rank = 0; rank < members; ++rank)
    weights[rank] *= rank < parents ? 1 / positive : negative < 0 ? -negative_sum / negative : 0;
}

AdaptingNormal::AdaptingNormal(std::vector<space::Domain> axes, VectorXd mean, double sigma)
    : axes_(std::move(axes)), mean_(std::move(mean)), scale_(VectorXd::Ones(mean_.size())), sigma_(sigma) {
  const auto n = mean_.size();
  covariance_ = basis_ = MatrixXd::Identity(n, n);
  deviations_ = VectorXd::Ones(n);
  sigma_path_ = covariance_path_ = VectorXd::Zero(n);
}

VectorXd AdaptingNormal::draw(base::Random& random) const {
  VectorXd z(mean_.size());
  for (double& coordinate : z) coordinate = random.normal();
  return mean_ + sigma_ * (basis_ * deviations_.cwiseProduct(z));
}

VectorXd AdaptingNormal::seen(const VectorXd& x) const { return mean_ + scale_.cwiseProduct(x - mean_); }

void AdaptingNormal::update(const std::vector<VectorXd>& ranked, std::size_t usable) {
  const auto n = static_cast<double>(mean_.size());
  const Recombination recombination(ranked.size(), usable, n);
  const auto& [weights, mu_effective, c_sigma, d_sigma, c_c, c_one, c_mu] = recombination;
  const auto whitened = [&](const VectorXd& y) -> VectorXd {  // C^(-1/2) y
    return basis_ * (basis_.transpose() * y).cwiseQuotient(deviations_);
  };

  const double longest = std::sqrt(n) + 2 * n / (n + 2);
  const MatrixXd old = covariance_;
  VectorXd step = VectorXd::Zero(mean_.size());
  MatrixXd rank_mu = MatrixXd::Zero(mean_.size(), mean_.size());
  double weight_sum = 0;
  for (std::size_t rank = 0; rank < ranked.size(); ++rank) {
    VectorXd y = (ranked[rank] - mean_) / sigma_;
    double length = whitened(y).norm();
    if (length > longest) y *= longest / length, length = longest;
    const double weight = weights[rank];
    weight_sum += weight;
    if (weight > 0) step += weight * y;
    const double bounded = weight >= 0 ? weight : weight * n / std::max(length * length, 1e-300);
    rank_mu.noalias() += bounded * y * y.transpose();
  }

  mean_ += sigma_ * step;
  sigma_path_ =
      (1 - c_sigma) * sigma_path_ + std::sqrt(c_sigma * (2 - c_sigma) * mu_effective) * whitened(step);
  const double expected = std::sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n));  // of the length of N(0, I)
  ++updates_;
  const double path = sigma_path_.norm();
  const bool steady =
      path / std::sqrt(1 - std::pow(1 - c_sigma, 2 * updates_)) < (1.4 + 2 / (n + 1)) * expected;
  covariance_path_ = (1 - c_c) * covariance_path_;
  if (steady) covariance_path_ += std::sqrt(c_c * (2 - c_c) * mu_effective) * step;
  const double lost = steady ? 0 : c_one * c_c * (2 - c_c);
  covariance_ = (1 + lost - c_one - c_mu * weight_sum) * old +
                c_one * covariance_path_ * covariance_path_.transpose() + c_mu * rank_mu;
  sigma_ *= std::exp(std::min(1.0, c_sigma / d_sigma * (path / expected - 1)));
  decompose();
  keep_margins(ranked.size());
}

void AdaptingNormal::decompose() {
  const Eigen::SelfAdjointEigenSolver<MatrixXd> solver(covariance_);
  basis_ = solver.eigenvectors();
  const double largest = solver.eigenvalues().maxCoeff();
  deviations_ = solver.eigenvalues().cwiseMax(1e-16 * largest).cwiseSqrt();
  // Wider than the cube would only mean draws outside of it.
  sigma_ = std::min(sigma_, 1 / std::sqrt(largest));
}

void AdaptingNormal::keep_margins(std::size_t members) {
  const double alpha = 1 / (static_cast<double>(members) * static_cast<double>(axes_.size()));
  for (std::size_t at = 0; at < axes_.size(); ++at) {
    const auto axis = static_cast<Eigen::Index>(at);
    const double deviation = sigma_ * std::sqrt(covariance_(axis, axis));
    const Marginal kept = with_margin(axes_[at], {mean_[axis], scale_[axis]}, deviation, alpha);
    mean_[axis] = kept.mean;
    scale_[axis] = kept.scale;
  }
}

bool AdaptingNormal::collapsed() const {
  if (deviations_.maxCoeff() > 1e7 * deviations_.minCoeff()) return true;
  const auto continuous = [](const space::Domain& domain) { return !space::cardinality(domain); };
  const bool all_discrete = std::ranges::none_of(axes_, continuous);
  for (std::size_t at = 0; at < axes_.size(); ++at) {
    const auto axis = static_cast<Eigen::Index>(at);
    const bool wide = sigma_ * std::sqrt(covariance_(axis, axis)) >= 1e-12;
    if (wide && (all_discrete || continuous(axes_[at]))) return false;
  }
  return true;
}

}  // namespace sm2::sampler
