// One trial in simulated time: where it stands, what it used, at which power limit it runs, and its way to the next
// moment at which something can be decided. One thread.
#pragma once

#include <memory>
#include <optional>

#include "objective/power_search.h"
#include "trial/report.h"
#include "workload/workload.h"

namespace sm2::compare {

struct Leg {  // to the next whole unit, the end of a stretch or the end of a probe, whichever comes first
  double to = 0;
  base::Joules joules;
  base::Seconds seconds;
};

class Course {
 public:
  // Begins at `from`; the job outlives it.
  Course(const workload::Job& job, const space::Configuration& configuration,
         std::unique_ptr<workload::Training> training, double from);

  double reached() const { return reached_; }
  double end() const;  // where its training ends: never beyond the job's resource_max
  base::Joules joules() const { return joules_; }
  base::Seconds seconds() const { return seconds_; }
  std::optional<double> metric() const { return metric_; }            // that was seen last, oriented
  std::optional<double> test_metric() const { return test_metric_; }  // at the same moment
  std::optional<base::Watts> limit() const {
    return limit_;
  }  // that it runs at; nothing where there is no knob

  // The way on, `until` > reached() at most end(). With `tune` limits are tried for as long as the search wants it.
  Leg next(double until, std::optional<base::Seconds> probe, bool tune);
  // Walks it. Returns the metric where a whole unit ends and there is one; it may be NaN.
  std::optional<double> walk(const Leg& leg);
  // What it has used `share`, 0 to 1, of the way along a leg that is not walked to its end.
  void give_up(const Leg& leg, double share);

  trial::Stretch stretch(trial::Outcome outcome) const;

 private:
  workload::Cost cost(double at, std::optional<base::Watts> limit) const;
  workload::Cost steady_unit() const;

  const workload::Job* job_;
  std::unique_ptr<workload::Training> training_;
  std::optional<double> batch_size_;
  std::unique_ptr<objective::PowerSearch> search_;  // once it is wanted
  std::optional<base::Watts> limit_;
  double reached_ = 0;
  base::Joules joules_;
  base::Seconds seconds_;
  std::optional<double> metric_, test_metric_;
};

}  // namespace sm2::compare
