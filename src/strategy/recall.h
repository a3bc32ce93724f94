// What earlier studies of the same job learnt about its batch sizes, summed up: units of resource to the target, joules per
// unit, and how many joules the metric cost on the way. Trials whose configuration is not
// among the arms, or whose joules are not known, are left out.
#pragma once

#include <optional>
#include <vector>

#include "strategy/experience.h"

namespace sm2::strategy {

class Recall {
 public:
  // `arms`: the configurations of this study. `target` oriented, as the experiences' metrics are.
  Recall(const std::vector<Experience>& experience, const std::vector<space::Configuration>& arms,
         double target);

  bool empty() const { return !best_; }
  int studies() const { return studies_; }
  // The arm with the least mean joules to the target, of those that have reached it; nothing when none has.
  std::optional<std::size_t> best() const { return best_; }
  int tries(std::size_t arm) const { return arms_[arm].tries; }  // trainings, to the target or not
  // Mean, with what trainings used that were longer than any that got there; infinite when none did.
  double joules_to_target(std::size_t arm) const;
  // Of its latest training with two evaluations, between its first and its last; 0 when it has none.
  double joules_per_unit(std::size_t arm) const;
  double longest(std::size_t arm) const {
    return arms_[arm].longest;
  }  // units to the target, of the slowest training
  // Mean joules after which trainings of `arm` first had at least `metric`; infinite when one that got to the target never
  // showed so much.
  double joules_to(std::size_t arm, double metric) const;

 private:
  struct Arm {
    int tries = 0;
    double unit_joules = 0;
    double longest = 0;
    std::vector<Experience> arrived;  // trainings that reached the target
    double lost = 0;                  // joules of those that were trained for longer than any of these
  };

  std::vector<Arm> arms_;
  std::optional<std::size_t> best_;
  double target_;
  int studies_ = 0;
};

// The first of the evaluations that shows at least `metric`; null when none does.
const Experience::Point* first_at(const std::vector<Experience::Point>& points, double metric);

// Joules per unit of resource between the first and the last of at least two evaluations: without what the start took.
double marginal_joules(const std::vector<Experience::Point>& points);

}  // namespace sm2::strategy
