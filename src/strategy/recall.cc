#include "strategy/recall.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace sm2::strategy {
namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();

}  // namespace

const Experience::Point* first_at(const std::vector<Experience::Point>& points, double metric) {
  const auto found = std::ranges::find_if(points, [&](const auto& point) { return point.metric >= metric; });
  return found == points.end() ? nullptr : &*found;
}

double marginal_joules(const std::vector<Experience::Point>& points) {
  const auto &first = points.front(), &last = points.back();
  return (last.joules - first.joules) / (last.resource - first.resource);
}

Recall::Recall(const std::vector<Experience>& experience, const std::vector<space::Configuration>& arms,
               double target)
    : arms_(arms.size()), target_(target) {
  std::set<int> studies;
  for (const Experience& past : experience) {
    const auto arm = std::ranges::find(arms, past.configuration);
    if (arm == arms.end() || past.points.empty() || std::isnan(past.joules)) continue;
    studies.insert(past.study);
    Arm& known = arms_[static_cast<std::size_t>(arm - arms.begin())];
    ++known.tries;
    if (past.points.size() > 1) known.unit_joules = marginal_joules(past.points);
    if (const Experience::Point* arrival = first_at(past.points, target)) {
      known.longest = std::max(known.longest, arrival->resource);
      known.arrived.push_back(past);
    }
  }
  for (const Experience& past : experience) {
    const auto arm = std::ranges::find(arms, past.configuration);
    if (arm == arms.end() || past.points.empty() || std::isnan(past.joules) || first_at(past.points, target))
      continue;
    Arm& known = arms_[static_cast<std::size_t>(arm - arms.begin())];
    if (past.reached > known.longest) known.lost += past.joules;
  }
  studies_ = static_cast<int>(studies.size());
  for (std::size_t arm = 0; arm < arms_.size(); ++arm) {
    if (arms_[arm].arrived.empty()) continue;
    if (!best_ || joules_to_target(arm) < joules_to_target(*best_)) best_ = arm;
  }
}

double Recall::joules_to_target(std::size_t arm) const {
  const Arm& known = arms_[arm];
  if (known.arrived.empty()) return kNever;
  return joules_to(arm, target_) + known.lost / static_cast<double>(known.arrived.size());
}

double Recall::joules_per_unit(std::size_t arm) const { return arms_[arm].unit_joules; }

double Recall::joules_to(std::size_t arm, double metric) const {
  const std::vector<Experience>& arrived = arms_[arm].arrived;
  if (arrived.empty()) return kNever;
  double sum = 0;
  for (const Experience& past : arrived) {
    const Experience::Point* point = first_at(past.points, metric);
    if (!point) return kNever;
    sum += point->joules;
  }
  return sum / static_cast<double>(arrived.size());
}

}  // namespace sm2::strategy
