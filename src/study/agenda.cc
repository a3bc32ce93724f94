#include "study/agenda.h"

#include <algorithm>

namespace sm2::study {

void Agenda::set(trial::TrialId trial, base::Seconds when) {
  const auto [known, fresh] = when_.try_emplace(trial, when);
  if (fresh) {
    by_time_.emplace(when, trial);
    return;
  }
  auto entry = by_time_.extract({std::exchange(known->second, when), trial});
  entry.value().first = when;
  by_time_.insert(std::move(entry));
}

void Agenda::erase(trial::TrialId trial) {
  const auto known = when_.find(trial);
  if (known == when_.end()) return;
  by_time_.erase({known->second, trial});
  when_.erase(known);
}

std::optional<base::Seconds> Agenda::next() const {
  return by_time_.empty() ? std::nullopt : std::optional(by_time_.begin()->first);
}

std::vector<trial::TrialId> Agenda::due(base::Seconds now) const {
  std::vector<trial::TrialId> trials;
  for (auto at = by_time_.begin(); at != by_time_.end() && at->first <= now; ++at)
    trials.push_back(at->second);
  std::ranges::sort(trials);
  return trials;
}

}  // namespace sm2::study
