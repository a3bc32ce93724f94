#include "study/ledger.h"

#include <algorithm>
#include <utility>

#include "base/units.h"

namespace sm2::study {
namespace {

constexpr base::Seconds kFirstInterval{0.25}, kLongestInterval{10};

bool meters(const trial::Event& event, trial::TrialId trial) {
  const auto* metered = std::get_if<trial::Metered>(&event.body);
  return metered && metered->trial == trial;
}

}  // namespace

Ledger::Ledger(journal::Journal& journal, const base::Clock& clock, Say say)
    : journal_(journal), clock_(clock), say_(std::move(say)) {}

// Energy is counted from a trial's beginning. In a long pause the last reading says it all.
void Ledger::add(trial::Event event) {
  const auto* metered = std::get_if<trial::Metered>(&event.body);
  if (metered && pause_) {
    const auto untried = pending_.begin() + static_cast<std::ptrdiff_t>(pause_->tried);
    const auto earlier = [&](const trial::Event& other) { return meters(other, metered->trial); };
    pending_.erase(std::remove_if(untried, pending_.end(), earlier), pending_.end());
  }
  pending_.push_back(std::move(event));
}

base::Result<bool> Ledger::commit(bool at_once) {
  if (pause_ && !at_once && clock_.monotonic() < pause_->next_try) return false;
  while (!pending_.empty()) {
    const std::size_t count = pause_ ? pause_->tried : pending_.size();
    if (auto appended = journal_.append(std::span(pending_).first(count)); !appended) {
      if (!journal_.transient()) return tl::unexpected(appended.error());
      pause(appended.error().message, count);
      return false;
    }
    pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(count));
    if (pause_) resume();
  }
  return true;
}

void Ledger::pause(const std::string& reason, std::size_t tried) {
  const base::Seconds now = clock_.monotonic();
  if (!pause_) pause_ = Pause{now, now, kFirstInterval / 2, tried, ""};
  if (std::exchange(pause_->reason, reason) != reason)
    say_(reason + "; the study is paused, nothing of it is lost, and it goes on when the store is back");
  pause_->interval = std::min(2 * pause_->interval, kLongestInterval);
  pause_->next_try = now + pause_->interval;
}

void Ledger::resume() {
  say_(fmt::format("the store is back after {}; the study goes on", base::format(paused_for())));
  pause_.reset();
}

base::Seconds Ledger::paused_for() const {
  return pause_ ? clock_.monotonic() - pause_->begun : base::Seconds(0);
}

std::optional<base::Seconds> Ledger::next_try() const {
  return pause_ ? std::optional(pause_->next_try) : std::nullopt;
}

}  // namespace sm2::study
