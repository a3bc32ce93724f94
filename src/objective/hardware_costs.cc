#include "objective/hardware_costs.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

namespace sm2::objective {
namespace {

double square(double value) { return value * value; }

}  // namespace

HardwareCosts::Cost HardwareCosts::of(int hardware) const {
  if (hardware == 0) return {};
  const auto known = static_cast<Eigen::Index>(weighted_.size());
  if (hardware >= known) return {1, kBetweenHardware};
  Eigen::MatrixXd precision(known, known);
  for (Eigen::Index row = 0; row < known; ++row)
    precision.row(row) =
        Eigen::Map<const Eigen::RowVectorXd>(precision_[static_cast<std::size_t>(row)].data(), known);
  // A row of the inverse, as it is symmetric.
  const Eigen::VectorXd covariance = precision.ldlt().solve(Eigen::VectorXd::Unit(known, hardware));
  const double expected = covariance.dot(Eigen::Map<const Eigen::VectorXd>(weighted_.data(), known));
  return {std::exp(expected), std::sqrt(covariance(hardware))};
}

void HardwareCosts::observe(int hardware, double joules) {
  std::vector<Sign> sum = {{0, 1}};
  if (hardware > 0) sum.push_back({hardware, 1});
  add(sum, std::log(joules), square(kBetweenTrials) + square(kNoise));
}

void HardwareCosts::observe_move(int before, double joules_before, int now, double joules) {
  std::vector<Sign> sum;
  if (now > 0) sum.push_back({now, 1});
  if (before > 0) sum.push_back({before, -1});
  add(sum, std::log(joules / joules_before), 2 * square(kNoise));
}

void HardwareCosts::add(const std::vector<Sign>& sum, double value, double variance) {
  const auto at = [](int number) { return static_cast<std::size_t>(number); };
  std::size_t known = weighted_.size();
  for (const Sign& one : sum) known = std::max(known, at(one.of) + 1);
  while (weighted_.size() < known) {
    weighted_.push_back(0);
    precision_.emplace_back();
    precision_.back().resize(precision_.size());
    precision_.back().back() = 1 / square(kBetweenHardware);
  }
  for (auto& row : precision_) row.resize(known);
  for (const Sign& a : sum) {
    weighted_[at(a.of)] += a.sign * value / variance;
    for (const Sign& b : sum) precision_[at(a.of)][at(b.of)] += a.sign * b.sign / variance;
  }
}

}  // namespace sm2::objective
