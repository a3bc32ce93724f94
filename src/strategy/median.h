// The median stopping rule (Golovin et al. 2017, Google Vizier, section 3.2.2): a trial stops at resource s
// when its best metric by s is strictly below the median, over the other trials that reported at s, of their
// running averages, each the mean of all that a trial reported up to s. The paper takes completed trials
// only; here every trial that got as far counts, stopped and running ones too, so that the rule works from
// the first few trials on.
//
// Metrics are oriented: higher is better. Trials are compared at equal resources only. Every step is O(log
// trials).
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "trial/decision.h"

namespace sm2::strategy {

struct MedianOptions {
  double warm_up = 0;             // resource below which no trial stops
  std::size_t least_trials = 5;   // others that must have reported at a resource
  std::string metric = "metric";  // its name, for the words of a reason
  bool minimized = false;         // metrics are told negated; for the words of a reason
};

class MedianStopping {
 public:
  explicit MedianStopping(MedianOptions options = {}) : options_(std::move(options)) {}

  // An evaluation. Those that are not finite, or not past the trial's last resource, are left out.
  void observe(trial::TrialId trial, double resource, double metric);

  // Why the trial, whose best metric so far is `best`, is to stop at `resource`; nothing when it may go on.
  std::optional<std::string> stop(trial::TrialId trial, double resource, double best) const;

 private:
  // Numbers cut at their median: `low` holds the smaller half, one more than `high` when their count is odd.
  struct Halves {
    std::multiset<double> low, high;

    void add(double number);
    std::size_t count() const { return low.size() + high.size(); }
    double median() const;                     // count() > 0
    double median_without(double held) const;  // count() > 1
  };

  struct Reported {
    double resource = 0;  // of the last report
    double sum = 0;
    std::size_t reports = 0;
    double average() const { return sum / static_cast<double>(reports); }
  };

  MedianOptions options_;
  std::map<trial::TrialId, Reported> trials_;
  std::map<double, Halves> averages_;  // by resource
};

}  // namespace sm2::strategy
