#include "report/course.h"

#include <cmath>

namespace sm2::report {

void Course::tell(const trial::Event& event, const config::Metric& metric, const journal::StudyState& after) {
  const Spent now{after.active, after.charged};
  if (!last_ || now.joules != last_->joules) {
    spent_.add(now);
    last_ = now;
  }
  const auto* evaluated = std::get_if<trial::Evaluated>(&event.body);
  if (evaluated == nullptr) return;
  const auto found = evaluated->evaluation.metrics.find(metric.name);
  if (found == evaluated->evaluation.metrics.end() || !std::isfinite(found->second)) return;
  const double value = config::oriented(metric, found->second);
  if (oriented_ && value <= *oriented_) return;
  oriented_ = value;
  best_.add({now, found->second, evaluated->trial});
}

}  // namespace sm2::report
