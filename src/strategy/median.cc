#include "strategy/median.h"

#include <fmt/format.h>

#include <cmath>

namespace sm2::strategy {

void MedianStopping::Halves::add(double number) {
  (low.empty() || number <= *low.rbegin() ? low : high).insert(number);
  if (low.size() > high.size() + 1) {
    high.insert(low.extract(std::prev(low.end())));
  } else if (high.size() > low.size()) {
    low.insert(high.extract(high.begin()));
  }
}

double MedianStopping::Halves::median() const {
  return low.size() > high.size() ? *low.rbegin() : (*low.rbegin() + *high.begin()) / 2;
}

// Only the numbers next to the cut can become the median, so none is moved.
double MedianStopping::Halves::median_without(double held) const {
  const auto last = low.rbegin();
  if (low.size() == high.size()) return held <= *last ? *high.begin() : *last;
  if (held > *last) return (*std::next(last) + *last) / 2;
  const double below = held == *last ? *std::next(last) : *last;
  return (below + *high.begin()) / 2;
}

void MedianStopping::observe(trial::TrialId trial, double resource, double metric) {
  Reported& reported = trials_[trial];
  if (!std::isfinite(metric) || (reported.reports > 0 && resource <= reported.resource)) return;
  reported.resource = resource;
  reported.sum += metric;
  ++reported.reports;
  averages_[resource].add(reported.average());
}

std::optional<std::string> MedianStopping::stop(trial::TrialId trial, double resource, double best) const {
  const auto averages = averages_.find(resource);
  if (resource < options_.warm_up || averages == averages_.end()) return {};
  const auto reported = trials_.find(trial);
  const bool among =
      reported != trials_.end() && reported->second.reports > 0 && reported->second.resource == resource;
  const std::size_t others = averages->second.count() - (among ? 1 : 0);
  if (others == 0 || others < options_.least_trials) return {};
  const double median =
      among ? averages->second.median_without(reported->second.average()) : averages->second.median();
  if (!(best < median)) return {};
  const double sign = options_.minimized ? -1 : 1;
  return fmt::format("at {:g} its best {} is {:.4g}; the median of the averages of {} other trials is {:.4g}",
                     resource, options_.metric, sign * best, others, sign * median);
}

}  // namespace sm2::strategy
