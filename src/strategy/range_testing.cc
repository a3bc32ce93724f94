#include "strategy/range_testing.h"

#include <algorithm>

#include "base/random.h"
#include "strategy/candidates.h"

namespace sm2::strategy {
namespace {

constexpr std::uint64_t kOrderStream = 2;

}  // namespace

bool tested(const trial::Outcome& outcome) {
  return trial::usable(outcome) || std::holds_alternative<trial::Diverged>(outcome);
}

trial::RateBounds narrowed(const trial::RateBounds& bounds, const trial::Stretch& stretch) {
  const auto& stable = stretch.progress.stable_rates;
  if (!stable) return bounds;
  const trial::RateBounds both{std::max(bounds.low, stable->low), std::min(bounds.high, stable->high)};
  return both.low < both.high ? both : bounds;
}

RangeTest::RangeTest(std::vector<Entry> entries, const trial::Schedule& rise, trial::TrialId next_trial,
                     std::uint64_t seed)
    : entries_(std::move(entries)), rise_(rise), next_trial_(next_trial) {
  for (std::size_t at = 0; at < entries_.size(); ++at) {
    entries_[at].configuration[kLearningRate] = trial::middle_rate({rise_.low, rise_.high});
    const bool failed = entries_[at].last && !trial::usable(entries_[at].last->outcome);
    if (entries_[at].reached < rise_.cycle && !failed) pending_.push_back(at);
  }
  base::Random(seed, kOrderStream).shuffle(pending_);
}

std::optional<trial::Train> RangeTest::next() {
  if (pending_.empty()) return {};
  const Entry& entry = entries_[pending_.front()];
  pending_.pop_front();
  running_.insert(entry.trial);
  trial::Train train;
  train.trial = entry.trial;
  train.configuration = entry.configuration;
  train.until = rise_.cycle;
  train.schedule = rise_;
  return train;
}

void RangeTest::tell(trial::TrialId trial, const trial::Stretch& stretch) {
  running_.erase(trial);
  std::ranges::find(entries_, trial, &Entry::trial)->last = stretch;
}

RangeTest::Result RangeTest::result() const {
  Result result;
  trial::TrialId next = next_trial_;
  for (const Entry& entry : entries_) {
    if (!tested(entry.last->outcome)) {
      result.drops.push_back(
          {entry.trial, entry.configuration, "range test: " + trial::describe(entry.last->outcome)});
      continue;
    }
    const trial::RateBounds bounds = narrowed({rise_.low, rise_.high}, *entry.last);
    result.drops.push_back(
        {entry.trial, entry.configuration,
         fmt::format("range test: training was stable at learning rates of {:.3g} to {:.3g}; trial {} starts "
                     "afresh between them",
                     bounds.low, bounds.high, next)});
    Entry fresh;
    fresh.trial = next++;
    fresh.configuration = entry.configuration;
    result.bounds[fresh.trial] = bounds;
    result.entries.push_back(std::move(fresh));
  }
  return result;
}

}  // namespace sm2::strategy
