// What can be replayed instead of trained. A workload is a job (a space, a metric with a target) whose trainings are
// known: recorded ones, or ones that a formula gives. It is immutable and may be shared between threads.
//
// Resources are counted in whole units ("epochs"): the metric is seen at the end of one, energy at any moment.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/quantity.h"
#include "base/random.h"
#include "space/space.h"

namespace sm2::workload {

struct Cost {  // of one unit of resource
  base::Joules joules;
  base::Seconds seconds;
};

// One training of one configuration, from its first step to its end.
class Training {
 public:
  virtual ~Training() = default;
  // The metric after `unit` whole units, 1 <= unit <= length(), oriented: higher is better. Nothing while nothing is seen yet;
  // may be NaN: diverged.
  virtual std::optional<double> metric(int unit) const = 0;
  // Likewise on held-out data, which no strategy sees; nothing where it was not recorded.
  virtual std::optional<double> test_metric(int /*unit*/) const { return {}; }
  // Of the unit that ends at `unit`, under a power limit; without one, or where limits do not matter, the default's.
  virtual Cost cost(int unit, std::optional<base::Watts> limit) const = 0;
  // Units that it can be trained for.
  virtual int length() const = 0;
};

struct Job {
  std::string name;    // of the case: "v100/cifar100/shufflenetv2"
  space::Space space;  // batch_size among them, where there is one
  std::string metric = "metric";
  bool minimized = false;         // metrics are negated above; for people
  std::optional<double> target;   // oriented; absent: train to the end, and judge by the best metric
  double resource_max = 1;        // units
  double samples_per_unit = 1e6;  // only ratios matter where the true number is not known
  std::vector<base::Watts>
      power_limits;  // that the device offers, ascending; the last is the default. Empty: no knob
};

// What somebody who knows everything would do: the setting with the least mean energy to the target (without target: the
// best mean final metric).
struct Oracle {
  space::Configuration configuration;
  std::optional<base::Watts> limit;
  base::Joules joules;    // mean, to the target; without one: of the whole training
  base::Seconds seconds;  // likewise
  double metric = 0;      // mean, oriented
};

class Workload {
 public:
  virtual ~Workload() = default;
  virtual const Job& job() const = 0;
  virtual const Oracle& oracle() const = 0;
  // One of the trainings that the configuration may turn out to be; the configuration is in job().space.
  virtual std::unique_ptr<Training> draw(const space::Configuration& configuration,
                                         base::Random& random) const = 0;
};

}  // namespace sm2::workload
