#include "report/recent_power.h"

namespace sm2::report {
namespace {

constexpr base::Seconds kShortest{1}, kLongest{6};  // meters are read every 2 s

// Events that energy comes with; at the others the last reading is getting old.
bool reads_energy(const trial::EventBody& body) {
  return std::holds_alternative<trial::Metered>(body) || std::holds_alternative<trial::Evaluated>(body) ||
         std::holds_alternative<trial::Exited>(body);
}

}  // namespace

void RecentPower::note(const trial::Event& event, const journal::StudyState& after) {
  if (std::holds_alternative<trial::Opened>(event.body)) {
    marks_ = {{event.time, after.charged}};
    return;
  }
  if (!reads_energy(event.body)) return;
  known_ = after.unread == 0;
  marks_.push_back({event.time, after.charged});
  while (marks_.size() > 2 && event.time - marks_[1].time >= kLongest) marks_.pop_front();
}

std::optional<base::Watts> RecentPower::watts() const {
  if (!known_ || marks_.size() < 2) return {};
  const base::Seconds window = marks_.back().time - marks_.front().time;
  if (window < kShortest) return {};
  return (marks_.back().spent - marks_.front().spent) / window;
}

}  // namespace sm2::report
